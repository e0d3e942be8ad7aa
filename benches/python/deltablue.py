"""An incremental one-way constraint solver: object graphs and polymorphic methods.

The workload is in the spirit of DeltaBlue: constraints of several strengths, a
planner that lets the strongest win, and plans run many times. Arguments: length, rounds.
"""
import sys

REQUIRED, STRONG, MEDIUM, WEAK, NONE = range(5)


class Variable:
    def __init__(self, name, value=0):
        self.name = name
        self.value = value
        self.constraints = []
        self.decided_by = None
        self.strength = NONE
        self.stay = True
        self.mark = 0


class Constraint:
    def __init__(self, strength):
        self.strength = strength
        self.output = None

    def variables(self):
        raise NotImplementedError

    def inputs(self):
        return [v for v in self.variables() if v is not self.output]

    def targets(self):
        return self.variables()

    def choose(self, mark):
        """Picks the weakest variable that this constraint may overwrite, if any."""
        best = None
        for variable in self.targets():
            if variable.mark != mark and variable.strength > self.strength:
                if best is None or variable.strength > best.strength:
                    best = variable
        self.output = best
        return best is not None

    def known(self, mark):
        for variable in self.inputs():
            if variable.mark != mark and not variable.stay and variable.decided_by is not None:
                return False
        return True

    def recalculate(self):
        out = self.output
        out.strength = self.strength
        for variable in self.inputs():
            if variable.strength > out.strength:
                out.strength = variable.strength
        out.stay = self.is_constant()
        if out.stay:
            self.execute()

    def is_constant(self):
        return all(v.stay for v in self.inputs())

    def execute(self):
        raise NotImplementedError


class Stay(Constraint):
    def __init__(self, variable, strength):
        super().__init__(strength)
        self.variable = variable

    def variables(self):
        return [self.variable]

    def execute(self):
        pass


class Edit(Stay):
    def is_constant(self):
        return False


class Equal(Constraint):
    def __init__(self, left, right, strength=REQUIRED):
        super().__init__(strength)
        self.left = left
        self.right = right

    def variables(self):
        return [self.left, self.right]

    def execute(self):
        source = self.right if self.output is self.left else self.left
        self.output.value = source.value


class Scale(Constraint):
    def __init__(self, source, factor, offset, target):
        super().__init__(REQUIRED)
        self.source, self.factor, self.offset, self.target = source, factor, offset, target

    def variables(self):
        return [self.source, self.factor, self.offset, self.target]

    def targets(self):
        return [self.source, self.target]

    def execute(self):
        if self.output is self.target:
            self.target.value = self.source.value * self.factor.value + self.offset.value
        else:
            self.source.value = (self.target.value - self.offset.value) // self.factor.value


class Planner:
    def __init__(self):
        self.mark = 0

    def new_mark(self):
        self.mark += 1
        return self.mark

    def add(self, constraint):
        for variable in constraint.variables():
            variable.constraints.append(constraint)
        self.enforce(constraint)

    def enforce(self, constraint):
        mark = self.new_mark()
        while constraint is not None:
            constraint = self.satisfy(constraint, mark)

    def satisfy(self, constraint, mark):
        """Enforces one constraint; returns the one it has overridden."""
        if not constraint.choose(mark):
            assert constraint.strength != REQUIRED
            return None
        for variable in constraint.inputs():
            variable.mark = mark
        out = constraint.output
        overridden = out.decided_by
        if overridden is not None:
            overridden.output = None
        out.decided_by = constraint
        self.propagate(constraint)
        out.mark = mark
        return overridden

    def propagate(self, constraint):
        mark = self.new_mark()
        todo = [constraint]
        while todo:
            current = todo.pop()
            out = current.output
            if out.mark == mark:
                continue
            current.recalculate()
            for other in out.constraints:
                if other is not current and other.output is not None:
                    if other.output is not out:
                        todo.append(other)

    def remove(self, constraint):
        for variable in constraint.variables():
            variable.constraints.remove(constraint)
        out = constraint.output
        if out is None:
            return
        constraint.output = None
        out.decided_by = None
        out.strength = NONE
        out.stay = True
        unsatisfied = []
        todo = [out]
        while todo:
            variable = todo.pop()
            for other in variable.constraints:
                if other.output is None:
                    unsatisfied.append(other)
                elif other.output is not variable:
                    other.recalculate()
                    todo.append(other.output)
        unsatisfied.sort(key=lambda c: c.strength)
        for other in unsatisfied:
            if other.output is None:
                self.enforce(other)

    def plan(self, sources):
        mark = self.new_mark()
        todo = list(sources)
        steps = []
        while todo:
            current = todo.pop()
            out = current.output
            if out.mark != mark and current.known(mark):
                steps.append(current)
                out.mark = mark
                for other in out.constraints:
                    if other is not current and other.output is not None:
                        if other.output is not out:
                            todo.append(other)
        return steps


def change(planner, variable, value):
    edit = Edit(variable, MEDIUM)
    planner.add(edit)
    plan = planner.plan([edit])
    for step in range(10):
        variable.value = value + step
        for constraint in plan:
            constraint.execute()
    planner.remove(edit)
    return len(plan)


def chain(n):
    """n variables, each equal to the one before; an edit travels from end to end."""
    planner = Planner()
    variables = [Variable("v%d" % i) for i in range(n + 1)]
    for left, right in zip(variables, variables[1:]):
        planner.add(Equal(left, right))
    planner.add(Stay(variables[-1], WEAK))
    steps = change(planner, variables[0], 100)
    assert variables[-1].value == 109, variables[-1].value
    return steps


def projection(n):
    """n independent scalings that share factor and offset; both ends are edited."""
    planner = Planner()
    factor, offset = Variable("factor", 10), Variable("offset", 1000)
    planner.add(Stay(factor, STRONG))
    planner.add(Stay(offset, STRONG))
    sources, targets = [], []
    for i in range(n):
        source, target = Variable("s%d" % i, i), Variable("t%d" % i, i)
        sources.append(source)
        targets.append(target)
        planner.add(Stay(source, WEAK))
        planner.add(Scale(source, factor, offset, target))
    steps = change(planner, sources[0], 17)
    assert targets[0].value == 26 * 10 + 1000, targets[0].value
    for source, target in zip(sources[1:], targets[1:]):
        assert target.value == source.value * 10 + 1000
    return steps


def main(args):
    n = int(args[0]) if args else 400
    rounds = int(args[1]) if len(args) > 1 else 6
    steps = 0
    for _ in range(rounds):
        steps += chain(n) + projection(n)
    print("constraints solved, plan steps", steps)


if __name__ == "__main__":
    main(sys.argv[1:])
