//! Tenure: immutable objects that collections of a heap that does not grow leave alone.
//!
//! Most of what a program keeps is text, code, tuples, native functions, none of which ever refers to anything new, and the
//! tables of classes, which seldom do. Once a heap has stopped growing, a collection ([`Round::Tenuring`]) notes those of them that were there at the one before, too, and
//! what they refer to besides each other. The following ones ([`Round::Short`]) take them as marked and begin at those
//! references instead.
//!
//! - Holds: a tenured object is marked, so its cell is not used again, and it is of a kind that is filled in before anything
//!   can collect and not written afterwards, or a table of a class, whose writers call [`Heap::note_change`] first; then the
//!   next collection is a whole one. Hence the references noted are all there are.
//! - Cost: what dies among them, or is reached by these only, stays until the next whole collection: after [`SHORT_MOST`]
//!   short ones, when the heap grows, when memory is short, and whenever a program asks for one.

use std::sync::{Arc, atomic::Ordering};

use super::{
    BlockState, Heap,
    header::{Kind, Obj},
    mark::Marker,
    space::{HELPER, TENURED},
};
use crate::class;

/// Short collections between two whole ones.
const SHORT_MOST: u32 = 40;
/// Bytes by which each short collection puts the next one off.
const PATIENCE: usize = 256 << 10;
/// Tenured bytes of a program that has imported little.
const CORE: usize = 768 << 10;
/// The most that is put off, in all.
const PATIENCE_MOST: usize = 4 << 20;
/// A heap grows when it has that many more bytes than an eighth (between whole collections) or a quarter (since the
/// tenuring) above what it had.
const SLACK: usize = 128 << 10;

/// How a collection treats tenured objects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Round {
    /// Marks everything; none are tenured afterwards.
    #[default]
    Plain,
    /// Marks everything and tenures.
    Tenuring,
    /// Leaves out what is tenured.
    Short,
}

/// What is known between collections.
#[derive(Default)]
pub(super) struct Tenure {
    round: Round,
    next: Round,
    /// What tenured objects refer to besides each other.
    reached: Vec<Obj>,
    /// Short collections since the last tenuring.
    n_short: u32,
    /// Live bytes after the last whole collection.
    live: usize,
    /// In cells of tenured objects.
    bytes: usize,
}

impl Tenure {
    /// What the collection that begins is to be.
    pub(super) fn begin(&mut self, is_whole: bool) -> Round {
        self.round = match self.next {
            Round::Short if is_whole => Round::Plain,
            next => next,
        };
        if self.round != Round::Short {
            self.reached = Vec::new();
        }
        self.round
    }

    /// After a collection that has left `live` bytes: decides about the next.
    pub(super) fn end(&mut self, live: usize) {
        self.next = match self.round {
            Round::Plain if live > self.live + self.live / 8 + SLACK => Round::Plain,
            Round::Plain => Round::Tenuring,
            Round::Tenuring => Round::Short,
            Round::Short if live > self.live + self.live / 4 + SLACK => Round::Plain,
            Round::Short if self.n_short >= SHORT_MOST => Round::Tenuring,
            Round::Short => Round::Short,
        };
        if self.round == Round::Short {
            self.n_short += 1;
        } else {
            self.n_short = 0;
            self.live = live;
        }
    }

    /// Bytes that may be allocated beyond the usual before the next collection: the longer a heap has not grown, the less
    /// is to be gained from looking at it. Small programs stay small.
    pub(super) fn patience(&self) -> usize {
        let most = (self.bytes.saturating_sub(CORE) * 2).min(PATIENCE_MOST);
        (self.n_short as usize * PATIENCE).min(most)
    }

    pub(super) fn round(&self) -> Round {
        self.round
    }

    pub(super) fn reached(&self) -> &[Obj] {
        &self.reached
    }
}

/// Kinds that are complete before a collection can see them and never written again. Those whose storage belongs to
/// another object are left out: they are replaced rather than kept.
fn may_have_tenure(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Str
            | Kind::Bytes
            | Kind::Int
            | Kind::Complex
            | Kind::Tuple
            | Kind::Native
            | Kind::Code
    )
}

impl Heap {
    /// Sets the first table of marks of the used blocks up for a round.
    pub(super) fn begin_marks(&self, fresh: usize, round: Round) {
        let (marks, tenured) = (self.space.marks(0), self.space.marks(TENURED));
        for block in 0..fresh {
            let (marks, tenured) = (marks.bits(block), tenured.bits(block));
            match round {
                Round::Short => {
                    marks.copy_from(tenured);
                    continue;
                }
                Round::Tenuring => tenured.copy_from(marks),
                Round::Plain => {}
            }
            marks.clear();
        }
    }

    /// Ends a tenuring round: of what the round before had marked, what is still alive and never changes gets tenure.
    pub(super) fn give_tenure(self: &Arc<Self>, fresh: usize, tenure: &mut Tenure) {
        for block in 0..fresh {
            let tenured = self.space.marks(TENURED).bits(block);
            match self.space.info(block).state() {
                BlockState::Small => tenured.intersect(self.space.marks(0).bits(block)),
                _ => tenured.clear(),
            }
        }
        let tables = self.tenured_tables(fresh);
        for block in 0..fresh {
            self.for_each_tenured(block, |granule, o| {
                if !may_have_tenure(o.kind()) {
                    self.space.marks(TENURED).bits(block).unset(granule);
                }
            });
        }
        for (block, granule) in tables {
            self.space.marks(TENURED).bits(block).set(granule);
        }
        // The second table tells which references were noted; it is empty between rounds.
        let mut marker = Marker::noting(self);
        tenure.bytes = 0;
        for block in 0..fresh {
            let cell = self.space.cell_words(block) * 8;
            self.for_each_tenured(block, |_, o| {
                tenure.bytes += cell;
                marker.trace(o);
            });
        }
        tenure.reached = marker.into_list();
        for o in &tenure.reached {
            if let Some((block, granule)) = self.space.locate(o.to_word()) {
                self.space.marks(HELPER).bits(block).unset(granule);
            }
        }
    }

    /// Where the tables of classes are, of those that are to have tenure.
    fn tenured_tables(&self, fresh: usize) -> Vec<(usize, usize)> {
        let mut places = Vec::new();
        for block in 0..fresh {
            self.for_each_tenured(block, |_, o| {
                if o.kind() == Kind::Type {
                    let tables = class::TABLES.iter().filter_map(|&slot| o.raw(slot).obj());
                    places.extend(tables.filter_map(|table| self.tenured_place(table)));
                }
            });
        }
        places
    }

    fn tenured_place(&self, o: Obj) -> Option<(usize, usize)> {
        let (block, granule) = self.space.locate(o.to_word())?;
        self.space.marks(TENURED).bits(block).is_set(granule).then_some((block, granule))
    }

    /// To be called before a word of a table of a class is written.
    pub(crate) fn note_change(&self, table: Obj) {
        if self.tenured_place(table).is_some() {
            self.whole.store(true, Ordering::Relaxed);
        }
    }

    fn for_each_tenured(&self, block: usize, mut f: impl FnMut(usize, Obj)) {
        let start = self.space.block_address(block);
        self.space.marks(TENURED).bits(block).for_each(|granule| {
            f(granule, Obj::from_word((start + granule * 16) as u64));
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{SHORT_MOST, TENURED};
    use crate::{Cx, Settings, Value, World, gc, heap::Obj, types::str::text};

    /// A world whose native stack is no root, and a pinned buffer in it.
    fn world() -> (Box<Cx>, Obj) {
        let settings = Settings { stack_words: 1 << 12, ..Settings::default() };
        let mut cx = World::create(settings).expect("memory");
        cx.native_base = 0;
        let root = cx.new_buf(2).expect("memory");
        cx.world.pin(root.into());
        (cx, root)
    }

    fn is_tenured(cx: &Cx, v: Value) -> bool {
        let space = &cx.world.heap.space;
        let place = v.obj().and_then(|o| space.locate(o.to_word()));
        place.is_some_and(|(block, granule)| space.marks(TENURED).bits(block).is_set(granule))
    }

    fn is_marked(cx: &Cx, v: Value) -> bool {
        cx.world.heap.marked_objects().into_iter().any(|o| Value::from(o) == v)
    }

    /// Collects until short rounds have begun.
    fn settle(cx: &mut Cx) {
        for _ in 0..4 {
            gc::collect_as(cx, false);
        }
    }

    #[test]
    fn what_a_tenured_tuple_reaches_later_stays_alive() {
        let (mut cx, root) = world();
        let inner = cx.new_buf(1).expect("memory");
        let leaf = cx.new_str("a leaf").expect("memory");
        let tuple = cx.new_tuple(&[inner.into(), leaf]).expect("memory");
        root.init_item(0, tuple);
        settle(&mut cx);
        assert!(is_tenured(&cx, tuple) && is_tenured(&cx, leaf));
        assert!(!is_tenured(&cx, inner.into()));
        for n in 0..3 * SHORT_MOST {
            let young = cx.new_str(&format!("young {n}")).expect("memory");
            inner.init_item(0, young);
            gc::collect_as(&mut cx, false);
            cx.new_str("another").expect("memory");
            assert!(is_marked(&cx, inner.into()) && is_marked(&cx, young));
            assert_eq!(text(young), Some(format!("young {n}").as_str()));
        }
    }

    #[test]
    fn whole_collections_take_what_has_tenure_and_short_ones_the_rest() {
        let (mut cx, root) = world();
        let inner = cx.new_buf(1).expect("memory");
        let tuple = cx.new_tuple(&[inner.into()]).expect("memory");
        root.init_item(0, tuple);
        settle(&mut cx);
        root.init_item(0, Value::NONE);
        let young = cx.new_str("garbage").expect("memory");
        gc::collect_as(&mut cx, false);
        assert!(is_marked(&cx, tuple) && is_marked(&cx, inner.into()) && !is_marked(&cx, young));
        gc::collect(&mut cx);
        assert!(!is_marked(&cx, tuple) && !is_marked(&cx, inner.into()));
        settle(&mut cx);
        assert!(!is_tenured(&cx, tuple));
    }

    #[test]
    fn short_rounds_end() {
        let (mut cx, root) = world();
        let tuple = cx.new_tuple(&[root.into()]).expect("memory");
        root.init_item(0, tuple);
        settle(&mut cx);
        assert!(is_tenured(&cx, tuple));
        root.init_item(0, Value::NONE);
        for _ in 0..2 * SHORT_MOST + 4 {
            gc::collect_as(&mut cx, false);
        }
        assert!(!is_marked(&cx, tuple));
    }
}
