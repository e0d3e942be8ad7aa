"""Complete binary trees made, walked and dropped: allocation and collection.

Arguments: depth.
"""
import sys


class Node:
    __slots__ = ("left", "right")

    def __init__(self, left, right):
        self.left = left
        self.right = right


def make(depth):
    if depth == 0:
        return Node(None, None)
    return Node(make(depth - 1), make(depth - 1))


def count(node):
    if node.left is None:
        return 1
    return 1 + count(node.left) + count(node.right)


def main(args):
    deepest = int(args[0]) if args else 14
    kept = make(deepest)
    for depth in range(4, deepest + 1, 4):
        trees = 1 << (deepest - depth + 4)
        nodes = 0
        for _ in range(trees):
            nodes += count(make(depth))
        print(trees, "trees of depth", depth, "nodes", nodes)
    print("kept tree of depth", deepest, "nodes", count(kept))


if __name__ == "__main__":
    main(sys.argv[1:])
