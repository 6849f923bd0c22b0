package tool

import "github.com/jmespath-community/go-jmespath/pkg/parsing"

const maxGrowth = 1 << 12

// growth bounds how many times an expression can repeat its input in its output: [@, @] | [@, @]
// does so four times, and twenty such steps a million times. Bindings and the root node are refused,
// since inside a projection they multiply the input with itself; the JMESPath specification that
// other implementations share has neither.
func growth(node parsing.ASTNode) (int, error) {
	n, err := 1, error(nil)
	switch node.NodeType {
	case parsing.ASTRootNode, parsing.ASTLetExpression, parsing.ASTVariable, parsing.ASTBindings, parsing.ASTBinding:
		return 0, queryError("$ and let are not supported")
	case parsing.ASTPipe, parsing.ASTSubexpression, parsing.ASTIndexExpression, parsing.ASTProjection,
		parsing.ASTValueProjection, parsing.ASTFilterProjection, parsing.ASTFunctionExpression:
		n, err = chained(node.Children)
	case parsing.ASTOrExpression, parsing.ASTAndExpression, parsing.ASTNotExpression, parsing.ASTComparator:
		n, err = largest(node.Children)
	default:
		n, err = summed(node.Children)
	}
	if err == nil && n > maxGrowth {
		err = queryError("repeats its input too often; select fewer members")
	}
	return n, err
}

// chained is for children that run one on the result of the other, or may (a function's arguments).
func chained(nodes []parsing.ASTNode) (int, error) {
	n := 1
	for _, node := range nodes {
		m, err := growth(node)
		if err != nil {
			return 0, err
		}
		n = min(n*m, maxGrowth+1)
	}
	return n, nil
}

// summed is for children whose results stand side by side.
func summed(nodes []parsing.ASTNode) (int, error) {
	n := 0
	for _, node := range nodes {
		m, err := growth(node)
		if err != nil {
			return 0, err
		}
		n = min(n+m, maxGrowth+1)
	}
	return max(n, 1), nil
}

// largest is for children of which one is the result, or none.
func largest(nodes []parsing.ASTNode) (int, error) {
	n := 1
	for _, node := range nodes {
		m, err := growth(node)
		if err != nil {
			return 0, err
		}
		n = max(n, m)
	}
	return n, nil
}
