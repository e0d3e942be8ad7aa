//! What an attempt does beside writing objects: the thread's own slots, output, things that have something to do when they
//! die, classes. The driver makes it final, takes it back, or takes back what came after a mark.
//!
//! - Holds: what an attempt, or a part of it, has made and taken back never calls a finalizer or a callback.
//! - Not here: the objects' own undo log (`Txn`), registers (the driver's checkpoint).

use taipan_stm::{LogEntry, Savepoint};

use crate::{
    class,
    cx::Cx,
    exc::Completion,
    gc::{self, WEAK_CALLBACK, WEAK_TARGET},
    heap::{Kind, Marker, Obj},
    value::Value,
};

/// Something that the running attempt has made and that has something to do when it dies. It stays alive for as long as it
/// is open whether it ever existed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mortal {
    /// Its class has `__del__`.
    Finalized(Obj),
    /// A generator may have a `finally` to run.
    Generator(Obj),
    /// A weak reference with a callback.
    WeakRef(Obj),
    /// It has died already.
    Gone,
}

impl Mortal {
    /// Marks it, or for a weak reference its target, if that keeps something from being called.
    pub(crate) fn trace(self, marker: &mut Marker<'_>, needs_end: fn(Obj) -> bool) {
        match self {
            Self::Finalized(o) => marker.object(o),
            Self::Generator(o) if needs_end(o) => marker.object(o),
            Self::WeakRef(o) => {
                let target = Value::from_bits(o.raw(WEAK_TARGET).foreign_address() as u64);
                if o.raw(WEAK_TARGET).is_bound() {
                    marker.value(target);
                }
            }
            Self::Generator(_) | Self::Gone => {}
        }
    }

    /// After marking: whether it is among the living.
    pub(crate) fn is_alive(self, marker: &Marker<'_>) -> bool {
        match self {
            Self::Finalized(o) | Self::Generator(o) | Self::WeakRef(o) => marker.is_marked(o),
            Self::Gone => false,
        }
    }
}

/// What the running attempt has done to its thread so far.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    /// What it replaced in the thread's slots: number and old value.
    pub(crate) slots: Vec<(usize, Value)>,
    pub(crate) fresh: Vec<Mortal>,
    /// Classes whose old words are in the undo log.
    changed: Vec<Obj>,
    /// Classes from this index on have been logged since the innermost mark.
    changed_floor: usize,
    /// Open marks.
    marks: usize,
    /// What an attempt owned that was ended in the middle of native code, for the next one to own. No roots: what the native
    /// code still uses is on its stack.
    pub(crate) kept: Vec<Obj>,
}

impl Beside {
    /// After marking: forgets what is dead.
    pub(crate) fn forget_dead(&mut self, marker: &Marker<'_>) {
        self.kept.retain(|&o| marker.is_marked(o));
        if self.marks == 0 {
            self.fresh.retain(|m| m.is_alive(marker));
        } else {
            // Marks count entries.
            self.fresh.iter_mut().filter(|m| !m.is_alive(marker)).for_each(|m| *m = Mortal::Gone);
        }
    }
}

/// A place in an attempt to which it can go back: [`Cx::undo_to`].
#[derive(Debug)]
#[must_use]
pub struct Mark {
    savepoint: Savepoint,
    output: (usize, usize),
    slots: usize,
    fresh: usize,
    changed: usize,
    changed_floor: usize,
}

impl Cx {
    /// Notes an object that has something to do when it dies, right after its creation.
    #[inline]
    pub fn note_mortal(&mut self, o: Obj) {
        let generator = o.kind() == Kind::Generator;
        if !self.is_solo() {
            let mortal = if generator { Mortal::Generator(o) } else { Mortal::Finalized(o) };
            self.beside.fresh.push(mortal);
        } else if !generator {
            self.world.register_finalizer(o);
        }
    }

    /// Announces a weak reference right after its creation; see `gc.rs` for its layout.
    pub fn note_weak_ref(&mut self, o: Obj) {
        if !self.is_solo() && o.raw(WEAK_CALLBACK).is_bound() {
            self.beside.fresh.push(Mortal::WeakRef(o));
        }
        self.world.register_weak_ref(o);
    }

    /// Makes what the attempt did to the thread itself final: only the driver, after a commit.
    #[inline(always)]
    pub fn attempt_committed(&mut self) {
        self.beside.slots.clear();
        self.beside.changed.clear();
        if !self.beside.fresh.is_empty() {
            self.keep_fresh();
        }
    }

    #[cold]
    fn keep_fresh(&mut self) {
        // The collector finds generators by itself, and weak references are announced already.
        for mortal in self.beside.fresh.drain(..) {
            if let Mortal::Finalized(o) = mortal {
                self.world.register_finalizer(o);
            }
        }
    }

    /// Takes back what the attempt did to the thread itself: only the driver, after an abort.
    pub fn attempt_aborted(&mut self) {
        self.restore_slots(0);
        let unmake = self.world.upcalls().unmake_generator;
        for mortal in self.beside.fresh.drain(..) {
            match mortal {
                Mortal::Generator(o) => unmake(o),
                Mortal::WeakRef(o) => o.init(WEAK_CALLBACK, Value::UNBOUND),
                Mortal::Finalized(_) | Mortal::Gone => {}
            }
        }
        self.beside.changed.clear();
        self.beside.changed_floor = 0;
        self.beside.marks = 0;
    }

    /// Before an attempt is ended in the middle of native code, which takes what it has claimed for its own.
    pub fn keep_claims(&mut self) {
        let kept = &mut self.beside.kept;
        kept.clear();
        self.tx.for_each_logged(|entry| {
            if let LogEntry::Owned(orec) = entry {
                kept.push(Obj::of_orec(orec as u64));
            }
        });
    }

    /// At the beginning of the next attempt, irrevocable: owns what was kept.
    ///
    /// # Errors
    /// None: rivals are waited for.
    pub fn claim_kept(&mut self) -> Completion<()> {
        while let Some(o) = self.beside.kept.pop() {
            self.claim(o)?;
        }
        Ok(())
    }

    /// A place to which [`Cx::undo_to`] goes back. Marks nest: each is undone or [released](Cx::release), the last first.
    pub fn mark(&mut self) -> Mark {
        let beside = &mut self.beside;
        beside.marks += 1;
        let changed = beside.changed.len();
        Mark {
            slots: beside.slots.len(),
            fresh: beside.fresh.len(),
            changed,
            changed_floor: std::mem::replace(&mut beside.changed_floor, changed),
            output: self.output_mark(),
            savepoint: self.tx.savepoint(),
        }
    }

    /// Whether a part of the running attempt may be taken back.
    pub(crate) fn has_marks(&self) -> bool {
        self.beside.marks > 0
    }

    /// Makes what came after the mark part of the attempt.
    pub fn release(&mut self, mark: Mark) {
        self.tx.release(mark.savepoint);
        self.close_mark(mark.changed_floor);
    }

    fn close_mark(&mut self, changed_floor: usize) {
        self.beside.marks = self.beside.marks.saturating_sub(1);
        self.beside.changed_floor = changed_floor;
    }

    /// Takes back all that the attempt did after the mark. Locals stay what they are, so objects made since may still be in
    /// use; but they have nothing to do any more when they die.
    pub fn undo_to(&mut self, mark: Mark) {
        self.close_mark(mark.changed_floor);
        let changed = self.beside.changed.split_off(mark.changed.min(self.beside.changed.len()));
        let bases: Vec<Value> = changed.iter().map(|c| c.raw(class::slot::BASES)).collect();
        self.tx.rollback_to(mark.savepoint);
        if !changed.is_empty() {
            gc::stop_the_world(self, |cx| {
                class::restored(cx, &changed, &bases);
                cx.world.bump_type_epoch();
            });
        }
        self.restore_slots(mark.slots);
        self.cut_output(mark.output);
        let at = mark.fresh.min(self.beside.fresh.len());
        for mortal in self.beside.fresh.drain(at..) {
            match mortal {
                Mortal::Generator(o) => self.world.exempt_generator(o),
                Mortal::WeakRef(o) => o.init(WEAK_CALLBACK, Value::UNBOUND),
                Mortal::Finalized(_) | Mortal::Gone => {}
            }
        }
    }

    fn restore_slots(&mut self, len: usize) {
        for (i, old) in self.beside.slots.drain(len.min(self.beside.slots.len())..).rev() {
            self.thread_slots[i] = old;
        }
    }

    /// Whether changes of classes are logged: inside a mark.
    pub fn has_changed_classes(&self) -> bool {
        !self.beside.changed.is_empty()
    }

    /// Whether a class must be logged before it is changed; notes that it is.
    pub(crate) fn note_changed(&mut self, class: Obj) -> bool {
        let beside = &mut self.beside;
        let new = !beside.changed[beside.changed_floor..].contains(&class);
        if new {
            beside.changed.push(class);
        }
        new
    }
}
