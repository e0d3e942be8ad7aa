"""A little operating system: tasks of several classes pass packets under a scheduler.

The workload is in the spirit of Martin Richards' simulation: virtual calls, linked
queues and state flags held in instances. Arguments: rounds.
"""
import sys

IDLE, WORKER, HANDLER_A, HANDLER_B, DEVICE_A, DEVICE_B = range(6)
WORK, IO = 0, 1
PAYLOAD = 4


class Packet:
    def __init__(self, link, owner, kind):
        self.link = link
        self.owner = owner
        self.kind = kind
        self.position = 0
        self.data = [0] * PAYLOAD

    def append_to(self, queue):
        self.link = None
        if queue is None:
            return self
        tail = queue
        while tail.link is not None:
            tail = tail.link
        tail.link = self
        return queue


class Task:
    def __init__(self, system, ident, priority, queue, running):
        self.system = system
        self.ident = ident
        self.priority = priority
        self.queue = queue
        self.waiting = not running and queue is None
        self.held = False
        system.add(self)

    def runnable(self):
        return not self.held and (not self.waiting or self.queue is not None)

    def take(self):
        packet = self.queue
        if packet is not None:
            self.queue = packet.link
            packet.link = None
        self.waiting = False
        return packet

    def wait(self):
        self.waiting = True

    def step(self):
        raise NotImplementedError


class Idle(Task):
    def __init__(self, system, turns):
        super().__init__(system, IDLE, 0, None, True)
        self.turns = turns
        self.control = 1

    def step(self):
        self.turns -= 1
        if self.turns == 0:
            self.held = True
        elif self.control & 1:
            self.control = self.control >> 1 ^ 0xD008
            self.system.release(DEVICE_B)
        else:
            self.control >>= 1
            self.system.release(DEVICE_A)


class Worker(Task):
    def __init__(self, system, queue):
        super().__init__(system, WORKER, 1000, queue, False)
        self.target = HANDLER_A
        self.letter = 0

    def step(self):
        packet = self.take()
        if packet is None:
            self.wait()
            return
        self.target = HANDLER_B if self.target == HANDLER_A else HANDLER_A
        packet.owner = self.target
        packet.position = 0
        data = packet.data
        for i in range(PAYLOAD):
            self.letter = self.letter % 26 + 1
            data[i] = 64 + self.letter
        self.system.send(packet, self)


class Handler(Task):
    def __init__(self, system, ident, priority, queue, device):
        super().__init__(system, ident, priority, queue, False)
        self.device = device
        self.work = None
        self.free = None

    def step(self):
        packet = self.take()
        if packet is not None:
            if packet.kind == WORK:
                self.work = packet.append_to(self.work)
            else:
                self.free = packet.append_to(self.free)
        work = self.work
        if work is None:
            self.settle()
            return
        if work.position >= PAYLOAD:
            self.work = work.link
            work.link = None
            work.owner = WORKER
            self.system.send(work, self)
            return
        free = self.free
        if free is None:
            self.settle()
            return
        self.free = free.link
        free.link = None
        free.position = work.data[work.position]
        work.position += 1
        free.owner = self.device
        self.system.send(free, self)

    def settle(self):
        if self.queue is None:
            self.wait()


class Device(Task):
    def __init__(self, system, ident, priority, handler):
        super().__init__(system, ident, priority, None, False)
        self.handler = handler
        self.pending = None

    def step(self):
        packet = self.take()
        if packet is not None:
            self.pending = packet
            self.held = True
            self.system.trace += packet.position
        elif self.pending is None:
            self.wait()
        else:
            packet, self.pending = self.pending, None
            packet.owner = self.handler
            self.system.send(packet, self)


class System:
    def __init__(self, turns):
        self.tasks = {}
        self.order = []
        self.sent = 0
        self.switches = 0
        self.trace = 0
        Idle(self, turns)
        Worker(self, packets(2, WORKER, WORK))
        Handler(self, HANDLER_A, 2000, packets(3, DEVICE_A, IO), DEVICE_A)
        Handler(self, HANDLER_B, 3000, packets(3, DEVICE_B, IO), DEVICE_B)
        Device(self, DEVICE_A, 4000, HANDLER_A)
        Device(self, DEVICE_B, 5000, HANDLER_B)
        self.order.sort(key=lambda task: -task.priority)

    def add(self, task):
        self.tasks[task.ident] = task
        self.order.append(task)

    def release(self, ident):
        self.tasks[ident].held = False

    def send(self, packet, sender):
        self.sent += 1
        target = self.tasks[packet.owner]
        packet.owner = sender.ident
        target.queue = packet.append_to(target.queue)

    def run(self):
        order = self.order
        while True:
            for task in order:
                if task.runnable():
                    self.switches += 1
                    task.step()
                    break
            else:
                return


def packets(count, owner, kind):
    head = None
    for _ in range(count):
        head = Packet(head, owner, kind)
    return head


def main(args):
    rounds = int(args[0]) if args else 10
    results = set()
    for _ in range(rounds):
        system = System(10000)
        system.run()
        results.add((system.switches, system.sent, system.trace))
    assert len(results) == 1, results
    print("switches %d, packets %d, trace %d" % results.pop())


if __name__ == "__main__":
    main(sys.argv[1:])
