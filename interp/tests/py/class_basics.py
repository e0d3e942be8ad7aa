class Point:
    """A point."""
    count = 0
    def __init__(self, x, y=0):
        self.x, self.y = x, y
        Point.count += 1
    def __repr__(self):
        return f"Point({self.x}, {self.y})"
    def __eq__(self, other):
        return isinstance(other, Point) and (self.x, self.y) == (other.x, other.y)
    @staticmethod
    def origin():
        return Point(0)
    @classmethod
    def pair(cls, p):
        return cls(*p)
p = Point(1, 2)
print(p, Point.origin(), Point.pair((3, 4)), p == Point(1, 2), p != Point(0), Point.count, p.count, Point.__doc__, Point.__name__, Point.__module__, type(p) is Point, p.__class__, p.__dict__)
p.z = 5
p.count = "own"
print(vars(p), Point.count, hasattr(p, "z"), getattr(p, "q", None), isinstance(p, Point), issubclass(Point, object))
setattr(p, "w", 1)
delattr(p, "z")
print(sorted(vars(p)), Point.__repr__(p), p.__repr__.__func__ is Point.__repr__)
