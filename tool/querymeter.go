package tool

import "github.com/jmespath-community/go-jmespath/pkg/parsing"

// The functions that meter calls. No expression can name them.
const (
	fnStep = "\x00step" // counts a part that is run for each element
	fnMade = "\x00made" // charges for a new array or object
	fnFlat = "\x00flat" // charges for what is about to be flattened
	fnDeep = "\x00deep" // charges for what is about to be compared
)

// meter returns node with calls around those of its parts that take time or memory.
func meter(node parsing.ASTNode) (parsing.ASTNode, error) {
	children := make([]parsing.ASTNode, len(node.Children))
	for i, child := range node.Children {
		var err error
		if children[i], err = meter(child); err != nil {
			return node, err
		}
	}
	node.Children = children
	switch node.NodeType {
	case parsing.ASTRootNode, parsing.ASTLetExpression, parsing.ASTVariable, parsing.ASTBindings, parsing.ASTBinding:
		return node, queryError("$ and let are not supported") // other implementations of JMESPath have neither
	case parsing.ASTProjection, parsing.ASTValueProjection, parsing.ASTFilterProjection:
		for i := range children[1:] {
			children[i+1] = stepped(children[i+1])
		}
		return called(fnMade, node), nil
	case parsing.ASTExpRef:
		children[0] = stepped(children[0])
	case parsing.ASTMultiSelectList, parsing.ASTMultiSelectHash:
		return called(fnMade, node), nil
	case parsing.ASTFlatten:
		children[0] = called(fnFlat, children[0])
	case parsing.ASTComparator:
		children[0] = called(fnDeep, children[0])
	case parsing.ASTIndexExpression: // the library looks whether it is a slice, so it is left outermost
		if children[1].NodeType == parsing.ASTSlice {
			children[0] = called(fnMade, children[0])
		}
	}
	return node, nil
}

func called(name string, args ...parsing.ASTNode) parsing.ASTNode {
	return parsing.ASTNode{NodeType: parsing.ASTFunctionExpression, Value: name, Children: args}
}

// stepped counts every node below as a step, whenever node is run.
func stepped(node parsing.ASTNode) parsing.ASTNode {
	return called(fnStep, parsing.ASTNode{NodeType: parsing.ASTLiteral, Value: nodes(node)}, node)
}

func nodes(node parsing.ASTNode) int {
	n := 1
	for _, child := range node.Children {
		n += nodes(child)
	}
	return n
}
