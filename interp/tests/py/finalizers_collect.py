# A finalizer that collects while others wait for theirs, when the program ends and before.
import gc


seen = []


class Node:
    def __init__(self, number):
        self.number = number
        self.parts = [[number]] * 5

    def __del__(self):
        gc.collect()
        rubbish = [[i] * 5 for i in range(500)]
        seen.append(self.parts[4] == [self.number] and len(rubbish))
        if len(seen) % 60 == 0:
            print(len(seen), set(seen))


first = [Node(i) for i in range(60)]
del first
gc.collect()
print("end")
last = [Node(100 + i) for i in range(60)]
