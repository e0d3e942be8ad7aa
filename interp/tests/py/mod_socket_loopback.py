import select, selectors, socket, threading
server = socket.create_server(("127.0.0.1", 0))
def serve():
    for _ in range(2):
        connection, address = server.accept()
        with connection, connection.makefile("rwb") as stream:
            for line in stream:
                stream.write(line.upper())
                stream.flush()
thread = threading.Thread(target=serve)
thread.start()
for text in (b"one\ntwo\n", b"three\n"):
    with socket.create_connection(server.getsockname()) as client:
        client.sendall(text)
        client.shutdown(socket.SHUT_WR)
        got = b""
        while part := client.recv(100):
            got += part
        print(got, client.family.name, client.type.name)
thread.join()
server.close()
print(server.fileno(), socket.inet_aton("127.1"), socket.inet_ntop(socket.AF_INET6, bytes(15) + b"\1"), socket.htons(1), socket.getservbyname("http"))
a, b = socket.socketpair()
a.setblocking(False)
for call in (lambda: a.recv(1), lambda: socket.inet_aton("x"), lambda: a.connect(5), lambda: socket.socket().connect(("127.0.0.1", 99999)), lambda: socket.getaddrinfo("127.0.0.1", "nosuchservice"), lambda: a.send("text")):
    try:
        print(call())
    except OSError as error:
        print(type(error).__name__, error.errno)
    except Exception as error:
        print(type(error).__name__, error)
b.settimeout(0.01)
try:
    b.recv(1)
except TimeoutError as error:
    print(error, b.gettimeout(), b.getblocking())
a.send(b"x")
print(select.select([b], [], [], 1)[0] == [b], select.select([a], [], [], 0)[0])
poll = select.poll()
poll.register(b, select.POLLIN)
print(poll.poll(0) == [(b.fileno(), select.POLLIN)])
with selectors.DefaultSelector() as selector:
    selector.register(b, selectors.EVENT_READ, "data")
    print([(key.data, mask) for key, mask in selector.select(1)])
buffer = bytearray(4)
print(b.recv_into(buffer), buffer)
with socket.socket(type=socket.SOCK_DGRAM) as one, socket.socket(type=socket.SOCK_DGRAM) as two:
    one.bind(("127.0.0.1", 0))
    two.bind(("127.0.0.1", 0))
    two.sendto(b"datagram", one.getsockname())
    data, sender = one.recvfrom(100)
    print(data, sender == two.getsockname())
