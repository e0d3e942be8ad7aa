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
    pub(crate) fn is_empty(&self) -> bool {
        self.on_commit.is_empty() && self.on_abort.is_empty()
    }

    /// Drops the abort actions and hands out the commit actions.
    pub(crate) fn committed(&mut self) -> Vec<Action> {
        self.on_abort.clear();
        std::mem::take(&mut self.on_commit)
    }

    /// Drops the commit actions and hands out the abort actions.
    pub(crate) fn aborted(&mut self) -> Vec<Action> {
        self.on_commit.clear();
        std::mem::take(&mut self.on_abort)
    }
}
