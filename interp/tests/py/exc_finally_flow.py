def ret():
    try:
        return "try"
    finally:
        print("finally")
def value():
    x = 1
    try:
        return x
    finally:
        x = 2
def loop():
    out = []
    for i in range(4):
        try:
            if i == 1:
                continue
            if i == 3:
                break
            out.append(i)
        finally:
            out.append(f"f{i}")
    return out
def nested():
    try:
        try:
            return 1
        finally:
            print("inner")
    finally:
        print("outer")
print(ret(), value(), loop(), nested())
def gen():
    try:
        yield 1
        return 2
    finally:
        print("gen finally")
print(list(gen()))
def raises():
    try:
        try:
            1 / 0
        finally:
            print("cleanup")
    except ZeroDivisionError:
        return "caught"
    finally:
        print("last")
print(raises())
def while_else():
    while True:
        try:
            break
        finally:
            print("wf")
    else:
        print("never")
    return "end"
print(while_else())
