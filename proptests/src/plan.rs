//! What the transactions of a script do.

/// One operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Reads a variable.
    Read(usize),
    /// Reads a variable through an explicit bracket.
    ReadInBracket(usize),
    /// Writes a value that no other operation writes.
    Write(usize),
    /// Opens a nested block that is rolled back after the next two operations.
    Nest,
    /// Gives up.
    Abort,
}

/// The operations of each transaction; a commit follows each list.
pub type Plan = Vec<Vec<Op>>;
