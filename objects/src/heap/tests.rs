//! Large graphs under one marker, under two, and under two that share as often as they can: exactly what is reachable is
//! kept. Nodes are buffers of values; the roots of a graph are the items of one pinned buffer.
//!
//! Kills: a lost mark, a chunk that nobody traces, a round that ends too early, a second table that is not emptied.

use std::collections::HashSet;

use super::{Marking, Obj};
use crate::{Cx, Settings, Value, World, gc};

const MODES: [Marking; 3] = [
    Marking { markers: 1, eager: false },
    Marking { markers: 2, eager: false },
    Marking { markers: 2, eager: true },
];

/// A graph in the making: what must survive, and how much must not.
struct Graph {
    cx: Box<Cx>,
    root: Obj,
    kept: Vec<Obj>,
    lost: usize,
}

impl Graph {
    fn new(marking: Marking) -> Self {
        let settings = Settings { stack_words: 1 << 12, marking, ..Settings::default() };
        let mut cx = World::create(settings).expect("memory");
        // What the test has in its hands is no root.
        cx.native_base = 0;
        let root = cx.new_buf(1).expect("memory");
        cx.world.pin(root.into());
        gc::collect(&mut cx);
        let kept = cx.world.heap.marked_objects();
        Self { cx, root, kept, lost: 0 }
    }

    /// A node with these items.
    fn node(&mut self, items: &[Obj], is_kept: bool) -> Obj {
        let node = self.cx.new_buf(items.len()).expect("memory");
        for (i, &item) in items.iter().enumerate() {
            node.init_item(i, item.into());
        }
        if is_kept {
            self.kept.push(node)
        } else {
            self.lost += 1
        }
        node
    }

    /// Makes `top` the root of everything, collects several times, and then without it.
    fn check(mut self, top: Obj) {
        self.root.init_item(0, top.into());
        let kept: HashSet<Obj> = self.kept.iter().copied().collect();
        assert_eq!(kept.len(), self.kept.len());
        for _ in 0..5 {
            self.collect();
            let marked = self.cx.world.heap.marked_objects();
            assert_eq!(marked.len(), kept.len(), "besides {} lost ones", self.lost);
            assert!(marked.iter().all(|o| kept.contains(o)));
        }
        let before = self.cx.world.heap.live_bytes();
        self.root.init_item(0, Value::NONE);
        self.collect();
        assert!(self.cx.world.heap.live_bytes() < before / 2);
    }

    fn collect(&mut self) {
        gc::collect(&mut self.cx);
        let heap = &self.cx.world.heap;
        let fresh = heap.central.lock().fresh;
        assert!((0..fresh).all(|block| !heap.space.marks(1).bits(block).any()));
    }
}

#[test]
fn a_wide_list() {
    for marking in MODES {
        let mut graph = Graph::new(marking);
        let mut items = Vec::new();
        for _ in 0..200_000 {
            let leaf = graph.node(&[], true);
            items.push(graph.node(&[leaf], true));
            graph.node(&[leaf], false);
        }
        let top = graph.node(&items, true);
        graph.check(top);
    }
}

#[test]
fn a_deep_chain() {
    for marking in MODES {
        let mut graph = Graph::new(marking);
        let mut top = graph.node(&[], true);
        let mut lost = top;
        for _ in 0..1_000_000 {
            top = graph.node(&[top], true);
            lost = graph.node(&[lost, top], false);
        }
        graph.check(top);
    }
}

#[test]
fn rings() {
    for marking in MODES {
        let mut graph = Graph::new(marking);
        let mut tops = Vec::new();
        for ring in 0..800 {
            let is_kept = ring % 2 == 0;
            let end = graph.node(&[graph.root], is_kept);
            let mut first = end;
            for _ in 0..500 {
                let other = tops.last().copied().unwrap_or(end);
                first = graph.node(&[first, end, other], is_kept);
            }
            end.init_item(0, first.into());
            if is_kept {
                tops.push(first);
            }
        }
        let top = graph.node(&tops, true);
        graph.check(top);
    }
}

/// Every node is reached in eight ways, so that two markers often meet at one.
#[test]
fn a_graph_with_much_in_common() {
    for marking in MODES {
        let mut graph = Graph::new(marking);
        let mut layer: Vec<Obj> = (0..2000).map(|_| graph.node(&[], true)).collect();
        let mut random = 1_usize;
        for _ in 0..100 {
            let next: Vec<Obj> = (0..2000)
                .map(|i| {
                    let mut items = [layer[i]; 8];
                    for item in &mut items[1..] {
                        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                        *item = layer[(random >> 33) % layer.len()];
                    }
                    graph.node(&items, false);
                    graph.node(&items, true)
                })
                .collect();
            layer = next;
        }
        let top = graph.node(&layer, true);
        graph.check(top);
    }
}
