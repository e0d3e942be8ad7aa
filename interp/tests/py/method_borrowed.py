class Box:
    append = list.append
    upper = str.upper


for call in (lambda: Box().append(1), lambda: Box().upper()):
    try:
        call()
    except TypeError as error:
        print(error)


class Words(list):
    pass


words = Words()
words.append("a")
print(words, Words.append is list.append)
