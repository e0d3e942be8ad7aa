for s in ("hello World", "ÀÉÎ straße", "ǆ ﬁ", "ΑΣ", "123abc", "", "they're bill's"):
    print([s.upper(), s.lower(), s.title(), s.capitalize(), s.swapcase(), s.casefold()])
