"""Walks everything that can be reached: words that are no objects are left out."""
import gc

todo = gc.get_objects()
seen = set(map(id, todo))
while todo:
    for part in gc.get_referents(todo.pop()):
        if id(part) not in seen:
            seen.add(id(part))
            todo.append(part)
print(len(seen) > 1000)
