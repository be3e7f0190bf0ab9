#!/usr/bin/env python3
"""Records histories.jsonl.gz, the fixtures of the engine's differential test, from the executable model of the rules.

    python3 record.py ../../../../shared/model/model.py

The model is loaded from the file given as argv[1], with check.py and deep.py from the folder beside it. One rule is changed on
loading: an original is matched by UID only, not by title (match keys are a rule of their own). Every round is judged by the
checks of check.py while it is recorded; a history that fails one is left out, and the number left out is printed. Seeds are fixed:
the same model gives the same bytes. README.md says what each key means. Python's standard library is all that is needed.
"""
import collections, gzip, importlib.util, json, multiprocessing, os, random, re, sys
from dataclasses import replace

BY_TITLE = " or [x for x in c if x.f[0]==render(rel,O.f)[0]]"
DEEP_ROUNDS, SMALL_ROUNDS = 6, 3  # the first round of a small history is its start, then two of user operations
COUNTS = {"any": 3350, "mesh": 1250, "small": 400}
SEEDS = {"any": 1_000_000, "mesh": 2_000_000, "small": 3_000_000}
SMALL = ["one", "recip", "o2m", "m2o", "chain", "chainrev", "twice", "mesh3"]
MANY = 24  # items in all folders: a history ends before it grows beyond


def load(path):
    """Imports the model at path without the match by title, and the modules beside it that build on it."""
    sys.dont_write_bytecode = True
    with open(path) as f:
        source = f.read()
    if source.count(BY_TITLE) != 1:
        sys.exit("%s: the match by title is not there, or is there twice" % path)
    spec = importlib.util.spec_from_loader("model", loader=None, origin=path)
    model = importlib.util.module_from_spec(spec)
    sys.modules["model"] = model
    exec(compile(source.replace(BY_TITLE, ""), path, "exec"), model.__dict__)
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    import check
    import deep
    return model, check, deep


def name(uid):
    """A set-apart item's UID holds a Python tuple: K(r|o|('t', 'n', 'c')) becomes K(r|o|t|n|c)."""
    return re.sub(r"\('([^']*)', '([^']*)', '([^']*)'\)", r"\1|\2|\3", uid)


def some(**keys):
    return {k: v for k, v in keys.items() if v not in (None, False, 0, [])}


def item(it):
    t, n, c = it.f
    keys = dict(u=name(it.uid), t=t, n=n, c=c, m=it.mt)
    if it.mark:
        m = it.mark
        keys["k"] = dict(s=m.st) | (some(r=m.rel, o=name(m.o), g=m.gen, a=m.adopted) if m.rel != "-" else {})
    return keys


def relationship(r):
    keys = dict(name=r.name, src=r.src, dst=r.dst, se=r.se, sd=r.sd, de=r.de, dd=r.dd, cf=r.cf, ex=r.ex, leave=r.leave, rm=r.rm)
    return keys | some(filt=r.filt, tpl=r.tpl)


def pair(k, p):
    return dict(r=k[0], o=name(k[1]), s="waiting" if p.conf else p.st) | some(u=p.r and name(p.r), g=p.gen, a=p.adopted)


def edits(before, after):
    """What users did between two applies. An item put back by a user has lost its marker: it is deleted first."""
    out = []
    for f in sorted(after):
        for u in sorted(set(before[f]) | set(after[f])):
            a, b = before[f].get(u), after[f].get(u)
            if a == b:
                continue
            if a is not None and (b is None or a.mark != b.mark):
                out.append(dict(f=f, u=name(u), del_=True))
            if b is not None:
                if b.mark is not None and (a is None or a.mark != b.mark):
                    raise ValueError("a user gave %s/%s a marker" % (f, u))
                t, n, c = b.f
                out.append(dict(f=f, u=name(u), t=t, n=n, c=c, m=b.mt))
    return [{k.rstrip("_"): v for k, v in e.items()} for e in out]


class Recorder:
    """Takes one history through the model, round by round, and keeps what a replay needs."""

    def __init__(self, mode, seed, folders):
        self.history = dict(mode=mode, seed=seed, folders=sorted(folders), rounds=[])
        self.world = {f: {} for f in folders}
        self.state = model.State()
        self.rels = None
        self.failed = []

    def apply(self, edited, rels, lost=False):
        """Records and decides one round; the world and the state after it are the recorder's from then on."""
        keys = {}
        if rels != self.rels:
            keys["rels"] = [relationship(r) for r in rels]
        if lost:
            self.state = model.State()
            keys["lost"] = True
        keys |= some(edits=edits(self.world, edited))
        d = model.decide(edited, self.state, rels)
        seen = model.State(rels=d.S.rels) if lost else self.state
        self.failed += [b for b in check.checks(edited, seen, rels, d, model.ALL) if not (lost and b.startswith("TOUCHED"))]
        if not lost and rels == self.rels:
            self.failed += check.stateloss(d, rels, model.ALL)
        waiting = {k for k, p in d.S.p.items() if p.conf}
        if waiting != d.conflicts & set(d.S.p) or any(d.S.p[k].st != "active" for k in waiting):
            raise ValueError("the state does not record what waits")
        if self.history["mode"] == "mesh" and not waiting and not check.equal(d):
            self.failed.append("NOT EQUIVALENT")
        keys["world"] = {f: [item(d.V[f][u]) for u in sorted(d.V[f])] for f in sorted(d.V)}
        keys["pairs"] = [pair(k, d.S.p[k]) for k in sorted(d.S.p)]
        keys |= some(differs=differs(edited, self.state, rels, d))
        self.history["rounds"].append(keys)
        self.world, self.state, self.rels = d.V, d.S, rels


def differs(world, state, rels, d):
    """Where this round of the model is known not to be what the design says; README.md has the words."""
    out = set()
    by = {r.name: r for r in rels}
    for (rn, o), p in state.p.items():
        r = by.get(rn)
        if r is None or (r.src, r.dst) != (state.rels[rn].src, state.rels[rn].dst):
            continue
        orig, after = world[r.src].get(o), d.V[r.src].get(o)
        out_of_filter = orig is not None and r.filt and orig.f[2] != "k"
        if p.st == "active" and p.r not in world[r.dst] and out_of_filter and r.leave == "delete" and r.dd in ("propagate", "mark"):
            out.add("unmatched_deleted")
        now = d.S.p.get((rn, o))
        if p.st == "retired" and now and now.st == "active" and now.r == p.r and d.V[r.dst][p.r].f != model.render(r, after.f):
            out.add("retired_kept")
    for k, p in d.S.p.items():
        if p.st == "retired" and k not in state.p:
            m = d.V[by[k[0]].dst][p.r].mark
            if m is not None and m.st == "live":
                out.add("orphan_live")
    for (f, u), (a, b) in d.ops.items():
        if b is None and a.mark and a.mark.st != "released" and a.mark.rel in by and (a.mark.rel, a.mark.o) not in state.p:
            out.add("rebuild_deletes")
    for f, its in d.V.items():
        for it in its.values():
            m = it.mark
            if m is None or m.st == "released" or m.rel in by:
                continue
            if any(r.dst == f and m.o in world[r.src] and (r.name, m.o) not in state.p for r in rels):
                out.add("renamed")
    return sorted(out)


def any_or_mesh(mode, seed):
    """The histories of deep.py: random graphs, or a mesh, and six rounds of users, configuration and state loss."""
    rnd = random.Random(seed)
    folders = "ABCD"[:rnd.choice([2, 3, 3, 4])]
    edges = [(a, b) for a in folders for b in folders if a != b]
    if mode == "mesh":
        cf = rnd.choice(["merge", "source", "destination", "newest"])
        rels = [model.Rel(a + b, a, b, de="propagate", dd="propagate", cf=cf) for a, b in edges]
    else:
        n = rnd.randint(1, min(5, len(edges)))
        names = ["r%d" % i for i in range(n)]
        rnd.shuffle(names)
        rels = [deep.rrel(rnd, r, a, b, {}) for r, (a, b) in zip(names, rnd.sample(edges, n))]
    clock = check.Clock()
    world = {f: {} for f in folders}
    for f in folders:
        for u in "xy":
            if rnd.random() < .6:
                fields = (rnd.choice([u, u, "t"]), rnd.choice(["n", "m", ""]), rnd.choice("kkk-"))
                world[f][u] = model.Item(u, fields, None, clock.tick())
    rec = Recorder(mode, seed, folders)
    pool = list(rels)
    for n in range(DEEP_ROUNDS):
        lost = False
        if n and mode == "any":
            z = rnd.random()
            if z < .08:
                lost = True
            elif z < .16 and len(rels) > 1:
                rels = rels[:-1]
            elif z < .24:
                rels = pool
            elif z < .32:
                i = rnd.randrange(len(rels))
                new = deep.rrel(rnd, rels[i].name, rels[i].src, rels[i].dst, {})
                rels = list(rels)
                rels[i] = replace(new, ex=rels[i].ex, tpl=rels[i].tpl)
        rec.apply(world, rels, lost)
        places = [(f, u) for f in sorted(rec.world) for u in sorted(rec.world[f])]
        if len(places) > MANY:
            break
        ops = "....tnzxo" if mode == "any" else "...tnzx"
        world = check.user(rec.world, [(p, rnd.choice(ops)) for p in places], clock, rnd.random() < .1)
        for f in world:
            for u in "xy":
                if u not in world[f] and rnd.random() < .08:
                    fields = (rnd.choice([u, "t", "b%d" % clock.tick()]), "n", rnd.choice("kkk-"))
                    world[f][u] = model.Item(u, fields, None, clock.tick())
    return rec


def small(seed):
    """A small topology of check.py with one policy for all its relationships, and two rounds of user operations."""
    rnd = random.Random(seed)
    topology = SMALL[seed % len(SMALL)]
    policy = tuple(rnd.choice(x) for x in (check.SE, check.SD, check.DE, check.DD, check.CF))
    settings = rnd.choice([{}, {"filt": True}, {"filt": True, "leave": "freeze"}, {"tpl": True}])
    rels = check.topo_rels(topology, policy, **settings)
    clock = check.Clock()
    rec = Recorder(topology, seed, "AB" if topology in ("one", "recip", "twice") else "ABC")
    init = check.INIT[topology]
    world = {f: {u: model.Item(u, ("t0", "n0", "k"), None, 0) for u in init.get(f, [])} for f in rec.world}
    for _ in range(SMALL_ROUNDS):
        rec.apply(world, rels)
        places = [(f, u) for f in sorted(rec.world) for u in sorted(rec.world[f])]
        world = check.user(rec.world, [(p, rnd.choice(check.OPS)) for p in places], clock, rnd.random() < .2)
        if "x" not in world["A"] and rnd.random() < .3:
            world["A"]["x"] = model.Item("x", ("back%d" % clock.tick(), "n0", "k"), None, clock.n)
    return rec


def history(job):
    mode, seed = job
    return small(seed) if mode == "small" else any_or_mesh(mode, seed)


def record(job):
    rec = history(job)
    return rec.failed, json.dumps(rec.history, separators=(",", ":"), sort_keys=False), collections.Counter(
        x for r in rec.history["rounds"] for x in r.get("differs", [])), len(rec.history["rounds"])


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    path = os.path.join(here, "histories.jsonl.gz")
    failed, doubts, histories, rounds, size = collections.Counter(), collections.Counter(), 0, 0, 0
    with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out, multiprocessing.Pool(2) as pool:
        for mode, count in COUNTS.items():
            kept = 0
            jobs = ((mode, SEEDS[mode] + i) for i in range(count * 2))
            for bad, line, doubt, n in pool.imap(record, jobs, 50):
                if bad:
                    failed[" ".join(bad[0].split()[:2])] += 1
                    continue
                out.write(line.encode() + b"\n")
                doubts += doubt
                kept, histories, rounds, size = kept + 1, histories + 1, rounds + n, size + len(line) + 1
                if kept == count:
                    break
            if kept < count:
                sys.exit("only %d of %d histories of mode %s pass the checks" % (kept, count, mode))
    print("%d histories, %d rounds, %d bytes, %d packed; left out: %s; rounds that differ from the design: %s" % (
        histories, rounds, size, os.path.getsize(path), dict(failed), dict(doubts)))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    model, check, deep = load(sys.argv[1])
    main()
