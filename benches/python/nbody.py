"""Planets pulled by each other's gravity: float attributes of instances.

Arguments: steps.
"""
import math
import sys

SOLAR_MASS = 4 * math.pi * math.pi
DAYS_PER_YEAR = 365.24


class Body:
    def __init__(self, name, position, velocity, mass):
        self.name = name
        self.x, self.y, self.z = position
        self.vx, self.vy, self.vz = (v * DAYS_PER_YEAR for v in velocity)
        self.mass = mass * SOLAR_MASS

    def kinetic(self):
        return 0.5 * self.mass * (self.vx * self.vx + self.vy * self.vy + self.vz * self.vz)

    def drift(self, dt):
        self.x += dt * self.vx
        self.y += dt * self.vy
        self.z += dt * self.vz


def solar_system():
    return [
        Body("sun", (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), 1.0),
        Body(
            "jupiter",
            (4.84143144246472090, -1.16032004402742839, -0.103622044471123109),
            (0.00166007664274403694, 0.00769901118419740425, -0.0000690460016972063023),
            0.000954791938424326609,
        ),
        Body(
            "saturn",
            (8.34336671824457987, 4.12479856412430479, -0.403523417114321381),
            (-0.00276742510726411035, 0.00499852801234917238, 0.0000230417297573763929),
            0.000285885980666130812,
        ),
        Body(
            "uranus",
            (12.8943695621391310, -15.1111514016986312, -0.223307578892655734),
            (0.00296460137564761618, 0.00237847173959480950, -0.0000296589568540237556),
            0.0000436624404335156298,
        ),
        Body(
            "neptune",
            (15.3796971148509165, -25.9193146099879641, 0.179258772950371181),
            (0.00268067772490389322, 0.00162824170038242295, -0.0000951592254519715870),
            0.0000515138902046611451,
        ),
    ]


def steady_sun(bodies):
    px = py = pz = 0.0
    for body in bodies:
        px += body.vx * body.mass
        py += body.vy * body.mass
        pz += body.vz * body.mass
    sun = bodies[0]
    sun.vx = -px / sun.mass
    sun.vy = -py / sun.mass
    sun.vz = -pz / sun.mass


def attract(a, b, dt):
    dx = a.x - b.x
    dy = a.y - b.y
    dz = a.z - b.z
    distance2 = dx * dx + dy * dy + dz * dz
    pull = dt / (distance2 * math.sqrt(distance2))
    a.vx -= dx * b.mass * pull
    a.vy -= dy * b.mass * pull
    a.vz -= dz * b.mass * pull
    b.vx += dx * a.mass * pull
    b.vy += dy * a.mass * pull
    b.vz += dz * a.mass * pull


def energy(bodies):
    total = 0.0
    for i, a in enumerate(bodies):
        total += a.kinetic()
        for b in bodies[i + 1:]:
            distance = math.sqrt((a.x - b.x) ** 2 + (a.y - b.y) ** 2 + (a.z - b.z) ** 2)
            total -= a.mass * b.mass / distance
    return total


def main(args):
    steps = int(args[0]) if args else 90000
    bodies = solar_system()
    steady_sun(bodies)
    pairs = [(a, b) for i, a in enumerate(bodies) for b in bodies[i + 1:]]
    print("%.9f" % energy(bodies))
    for _ in range(steps):
        for a, b in pairs:
            attract(a, b, 0.01)
        for body in bodies:
            body.drift(0.01)
    print("%.9f" % energy(bodies))


if __name__ == "__main__":
    main(sys.argv[1:])
