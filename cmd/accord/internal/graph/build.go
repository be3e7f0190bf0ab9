package graph

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// crowd is the number of instances up to which each of a block is drawn.
const crowd = 12

// build folds what would crowd the picture: the instances of large blocks, and the relationships of meshes.
func build(workspace string, folders []folder, relations []relation) *Graph {
	nodes, nodeOf := foldFolders(folders)
	g := &Graph{Workspace: workspace, Nodes: nodes}
	g.Edges = foldEdges(relations, nodeOf)
	g.Groups = foldMeshes(relations, nodeOf)
	return g
}

// block is the address of the block that an instance is of.
func block(address string) string {
	name, _, _ := strings.Cut(address, "[")
	return name
}

func isMesh(address string) bool { return strings.HasPrefix(address, "mesh.") }

// foldFolders makes one node of each folder, or of each block with many. nodeOf says which node a folder is part of.
func foldFolders(folders []folder) (nodes []Node, nodeOf map[string]string) {
	byAddress := map[string]folder{}
	for _, f := range folders {
		byAddress[f.address] = f
	}
	instances := map[string]int{}
	for address := range byAddress {
		instances[block(address)]++
	}
	byNode := map[string]*Node{}
	nodeOf = map[string]string{}
	for _, address := range slices.Sorted(maps.Keys(byAddress)) {
		f := byAddress[address]
		name := address
		if instances[block(address)] > crowd {
			name = block(address)
		}
		n := byNode[name]
		if n == nil {
			n = &Node{Address: name, Kind: f.kind, Driver: f.driver}
			byNode[name] = n
		}
		if n.Driver != f.driver { // the instances of a block may have different providers
			n.Driver = "several drivers"
		}
		if n.Kind != f.kind {
			n.Kind = "several kinds"
		}
		n.add(f.status)
		nodeOf[address] = name
	}
	return values(byNode), nodeOf
}

// foldEdges makes one edge of each relationship, or of those of a block between the same nodes.
func foldEdges(relations []relation, nodeOf map[string]string) []Edge {
	type ends struct{ block, from, to string }
	together := map[ends]*Edge{}
	for _, r := range relations {
		if isMesh(r.address) {
			continue
		}
		at := ends{block(r.address), nodeOf[r.from], nodeOf[r.to]}
		e := together[at]
		if e == nil {
			e = &Edge{Address: r.address, From: at.from, To: at.to}
			together[at] = e
		} else {
			e.Address = at.block
		}
		e.TwoWay = e.TwoWay || r.twoWay
		e.add(r.status)
	}
	var edges []Edge
	for _, e := range together {
		edges = append(edges, *e)
	}
	slices.SortFunc(edges, func(a, b Edge) int {
		return cmp.Or(strings.Compare(a.Address, b.Address), strings.Compare(a.From, b.From), strings.Compare(a.To, b.To))
	})
	return edges
}

// foldMeshes makes one group of each mesh.
func foldMeshes(relations []relation, nodeOf map[string]string) []Group {
	groups := map[string]*Group{}
	lines := map[string]map[string]*Member{}
	for _, r := range relations {
		if !isMesh(r.address) {
			continue
		}
		name := block(r.address)
		if groups[name] == nil {
			groups[name], lines[name] = &Group{Address: name}, map[string]*Member{}
		}
		groups[name].add(r.status)
		ends := []string{nodeOf[r.from], nodeOf[r.to]}
		for _, end := range slices.Compact(ends) {
			if lines[name][end] == nil {
				lines[name][end] = &Member{Node: end}
			}
			lines[name][end].add(r.status)
		}
	}
	for name, g := range groups {
		g.Members = values(lines[name])
	}
	return values(groups)
}

// values are a map's, in the order of its keys.
func values[T any](m map[string]*T) []T {
	var list []T
	for _, key := range slices.Sorted(maps.Keys(m)) {
		list = append(list, *m[key])
	}
	return list
}
