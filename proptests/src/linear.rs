//! Linearizability: every operation takes effect at one moment between its call and its return, as
//! if on the sequential object. Checked with stateright's tester.

use std::fmt::{self, Debug};

pub use stateright::semantics::SequentialSpec;
use stateright::semantics::{ConsistencyTester, LinearizabilityTester};

/// One operation of one thread.
pub struct Call<S: SequentialSpec> {
    /// Who called.
    pub thread: usize,
    /// Clock readings before the call and after the return.
    pub span: (u64, u64),
    /// What was called.
    pub op: S::Op,
    /// What it returned.
    pub ret: S::Ret,
}

/// All operations on one object.
pub struct Calls<S: SequentialSpec>(pub Vec<Call<S>>);

impl<S> Calls<S>
where
    S: SequentialSpec + Clone,
    S::Op: Clone + Debug,
    S::Ret: Clone + Debug + PartialEq,
{
    /// Can some order within the spans explain all results, starting from `start`?
    ///
    /// # Panics
    /// If one thread has two operations open at once.
    pub fn linearizable(&self, start: S) -> bool {
        let mut events: Vec<(u64, bool, &Call<S>)> = Vec::new();
        for call in &self.0 {
            events.push((call.span.0, false, call));
            events.push((call.span.1, true, call));
        }
        // At the same time calls come first: they may overlap what returns then.
        events.sort_by_key(|&(time, is_return, call)| (time, is_return, call.thread));
        let mut tester = LinearizabilityTester::new(start);
        for (_, is_return, call) in events {
            let result = if is_return {
                tester.on_return(call.thread, call.ret.clone())
            } else {
                tester.on_invoke(call.thread, call.op.clone())
            };
            if let Err(message) = result {
                panic!("{message}");
            }
        }
        tester.is_consistent()
    }
}

impl<S: SequentialSpec> fmt::Display for Calls<S>
where
    S::Op: Debug,
    S::Ret: Debug,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut calls: Vec<&Call<S>> = self.0.iter().collect();
        calls.sort_by_key(|call| call.span);
        for call in calls {
            let (from, to) = call.span;
            writeln!(f, "[{from}..{to}] T{} {:?} -> {:?}", call.thread, call.op, call.ret)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Call, Calls, SequentialSpec};

    #[derive(Clone)]
    struct Register(u8);

    impl SequentialSpec for Register {
        type Op = Option<u8>;
        type Ret = u8;

        fn invoke(&mut self, op: &Option<u8>) -> u8 {
            self.0 = op.unwrap_or(self.0);
            self.0
        }
    }

    #[test]
    fn a_value_seen_and_then_unseen_is_found() {
        let call = |thread, span, op, ret| Call { thread, span, op, ret };
        let mut calls: Calls<Register> = Calls(vec![
            call(0, (1, 9), Some(7), 7),
            call(1, (2, 3), None, 7),
            call(1, (4, 5), None, 0),
        ]);
        assert!(!calls.linearizable(Register(0)));
        calls.0[2].ret = 7;
        assert!(calls.linearizable(Register(0)));
    }
}
