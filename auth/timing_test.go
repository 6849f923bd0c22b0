package auth_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"testing"

	"github.com/org/zscalermcp/auth"
)

// D84: a key is compared with every held one, whole and in constant time: the loop has no way out but its end, and no other comparison.
func TestKeysAreComparedInConstantTime(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "apikey.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(file.Decls, func(d ast.Decl) bool { f, ok := d.(*ast.FuncDecl); return ok && f.Name.Name == "find" })
	if i < 0 {
		t.Fatal("apikey.go has no function find")
	}
	constant, loops := 0, 0
	ast.Inspect(file.Decls[i], func(n ast.Node) bool {
		loop, ok := n.(*ast.RangeStmt)
		if !ok {
			return true
		}
		loops++
		ast.Inspect(loop.Body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if n.Sel.Name == "ConstantTimeCompare" || n.Sel.Name == "ConstantTimeSelect" {
					constant++
				}
			case *ast.IfStmt, *ast.SwitchStmt, *ast.BranchStmt, *ast.ReturnStmt:
				t.Errorf("the loop has a %T", n)
			case *ast.BinaryExpr:
				t.Errorf("the loop has an operator %s", n.Op)
			}
			return true
		})
		return false
	})
	if loops != 1 || constant != 2 {
		t.Errorf("%d loops with %d functions of constant time", loops, constant)
	}
}

// BenchmarkWrongKey shows D84: which key a wrong one resembles, and how far, makes no difference.
func BenchmarkWrongKey(b *testing.B) {
	keys := make([]auth.APIKey, 100)
	for i := range keys {
		keys[i] = auth.APIKey{Name: fmt.Sprint(i), Key: auth.Secret(fmt.Sprintf("key-%03d-0123456789-abcdefghijklm", i))}
	}
	a := newKeys(b, keys...)
	for name, key := range map[string]string{
		"of nobody": "nokey-999-0123456789-abcdefghij", "almost the first": "key-000-0123456789-abcdefghijklx", "almost the last": "key-099-0123456789-abcdefghijklx",
		"the first": "key-000-0123456789-abcdefghijklm", "the last": "key-099-0123456789-abcdefghijklm",
	} {
		r := bearer(key)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = a.Authenticate(r)
			}
		})
	}
}
