# exit: 1
# stderr: compared
class Account:
    def __init__(self):
        self.balance = None
    def deposit(self, amount):
        self.balance += amount
account = Account()
account.deposit(5)
