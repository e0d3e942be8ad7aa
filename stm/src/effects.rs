//! What to do once an attempt has committed or aborted.
//!
//! - Holds: actions run in the order in which they were added, after the attempt has ended.

/// An action kept until the attempt ends.
pub(crate) type Action = Box<dyn FnOnce()>;

/// The commit and abort actions of one attempt.
#[derive(Default)]
pub(crate) struct Effects {
    pub(crate) on_commit: Vec<Action>,
    pub(crate) on_abort: Vec<Action>,
}

impl Effects {
    /// Hands out the actions for this end of an attempt and drops those for the other.
    pub(crate) fn ended(&mut self, committed: bool) -> Vec<Action> {
        let (due, other) = if committed {
            (&mut self.on_commit, &mut self.on_abort)
        } else {
            (&mut self.on_abort, &mut self.on_commit)
        };
        other.clear();
        std::mem::take(due)
    }
}
