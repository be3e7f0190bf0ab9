package diagnose

import (
	"bytes"
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// deepest is how deep expressions and blocks may lie in each other. The parser follows them by calling itself, and too many calls end the process.
const deepest = 1000

// TooDeep reports what lies too deep in native syntax, before it is parsed.
func TooDeep(text []byte, name string) hcl.Diagnostics {
	return tooDeep(text, func() (hclsyntax.Tokens, hcl.Diagnostics) { return hclsyntax.LexConfig(text, name, hcl.InitialPos) })
}

// TemplateTooDeep is TooDeep for a text with ${…} in it.
func TemplateTooDeep(text []byte, name string) hcl.Diagnostics {
	return tooDeep(text, func() (hclsyntax.Tokens, hcl.Diagnostics) {
		return hclsyntax.LexTemplate(text, name, hcl.InitialPos)
	})
}

func tooDeep(text []byte, lex func() (hclsyntax.Tokens, hcl.Diagnostics)) hcl.Diagnostics {
	few := 0
	for _, c := range []byte("([{!-?") {
		few += bytes.Count(text, []byte{c})
	}
	if few <= deepest {
		return nil
	}
	tokens, _ := lex() // what is no token is told by the parser
	depth, signs, choices := 0, 0, 0
	for _, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenBang, hclsyntax.TokenMinus:
			if signs++; signs <= deepest {
				continue
			}
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			depth++
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenTemplateSeqEnd:
			depth--
		case hclsyntax.TokenQuestion:
			choices++
		case hclsyntax.TokenNewline, hclsyntax.TokenComma:
			if depth <= 1 {
				choices = 0
			}
		}
		if depth+signs+choices > deepest {
			return hcl.Diagnostics{Mistake(t.Range, "Too deep", fmt.Sprintf("Blocks and expressions lie more than %d deep in each other.", deepest), "Write it flatter, for example with locals.")}
		}
		signs = 0
	}
	return nil
}
