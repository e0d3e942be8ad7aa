//! Sets of characters: decoded from words, answered from a table for the first 256 characters.

use rustpython_sre_engine::{SreCatCode, SreOpcode, string as sre};
use rustpython_unicode::classify;

/// Under which change of case characters are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fold {
    Exact,
    Ascii,
    Unicode,
    Locale,
}

impl Fold {
    pub(super) fn lower(self, c: u32) -> u32 {
        match self {
            Self::Exact => c,
            Self::Ascii | Self::Locale => sre::lower_ascii(c),
            Self::Unicode => sre::lower_unicode(c),
        }
    }
}

fn upper_ascii(c: u32) -> u32 {
    u8::try_from(c).map_or(c, |b| b.to_ascii_uppercase().into())
}

/// One member of a set.
#[derive(Debug)]
enum Item {
    /// The members from here on are those outside, or inside again.
    Negate,
    Range(u32, u32),
    /// A range that the upper case of a character may be in, too.
    RangeOrUpper(u32, u32),
    Bitmap([u32; 8]),
    /// Bitmaps of 256 characters each: which of them each of the first 256 blocks has, and the bitmaps.
    Blocks(Vec<u8>, Vec<u32>),
    Category(SreCatCode),
}

fn bit(words: &[u32], i: usize) -> bool {
    words.get(i / 32).is_some_and(|w| w >> (i % 32) & 1 == 1)
}

impl Item {
    fn has(&self, c: u32) -> bool {
        match self {
            Self::Negate => false,
            Self::Range(low, high) => (*low..=*high).contains(&c),
            Self::RangeOrUpper(low, high) => {
                (*low..=*high).contains(&c) || (*low..=*high).contains(&sre::upper_unicode(c))
            }
            Self::Bitmap(words) => c < 256 && bit(words, c as usize),
            Self::Blocks(numbers, bitmaps) => numbers
                .get(c as usize >> 8)
                .is_some_and(|&n| bit(bitmaps, usize::from(n) * 256 + (c as usize & 255))),
            Self::Category(category) => in_category(*category, c),
        }
    }

    /// Whether it treats all characters beyond the first 256 alike.
    fn is_narrow(&self) -> bool {
        match self {
            Self::Negate | Self::Bitmap(_) => true,
            Self::Range(_, high) => *high < 256,
            Self::RangeOrUpper(..) | Self::Blocks(..) => false,
            Self::Category(category) => (*category as u32) < SreCatCode::UNI_DIGIT as u32,
        }
    }
}

pub(super) fn is_word(c: u32, unicode: bool) -> bool {
    if c < 128 || !unicode {
        return u8::try_from(c).is_ok_and(|b| b == b'_' || b.is_ascii_alphanumeric());
    }
    char::try_from(c).is_ok_and(classify::is_alnum)
}

fn is_space(c: u32) -> bool {
    matches!(c, 9..=13 | 32)
}

fn in_category(category: SreCatCode, c: u32) -> bool {
    let newline = c == u32::from(b'\n');
    let unicode = |test: fn(char) -> bool| char::try_from(c).is_ok_and(test);
    let line_end = || matches!(c, 10..=13 | 0x1c..=0x1e | 0x85 | 0x2028 | 0x2029);
    match category {
        SreCatCode::DIGIT => (48..58).contains(&c),
        SreCatCode::NOT_DIGIT => !(48..58).contains(&c),
        SreCatCode::SPACE => is_space(c),
        SreCatCode::NOT_SPACE => !is_space(c),
        SreCatCode::WORD | SreCatCode::LOC_WORD => is_word(c, false),
        SreCatCode::NOT_WORD | SreCatCode::LOC_NOT_WORD => !is_word(c, false),
        SreCatCode::LINEBREAK => newline,
        SreCatCode::NOT_LINEBREAK => !newline,
        SreCatCode::UNI_DIGIT => unicode(classify::is_decimal),
        SreCatCode::UNI_NOT_DIGIT => !unicode(classify::is_decimal),
        SreCatCode::UNI_SPACE => unicode(classify::is_space),
        SreCatCode::UNI_NOT_SPACE => !unicode(classify::is_space),
        SreCatCode::UNI_WORD => is_word(c, true),
        SreCatCode::UNI_NOT_WORD => !is_word(c, true),
        SreCatCode::UNI_LINEBREAK => line_end(),
        SreCatCode::UNI_NOT_LINEBREAK => !line_end(),
    }
}

/// The words of a set up to its end, and how many they are with it.
fn items(words: &[u32]) -> Option<(Vec<Item>, usize)> {
    let (mut all, mut at) = (Vec::new(), 0);
    loop {
        let op = SreOpcode::try_from(*words.get(at)?).ok()?;
        let rest = &words[at + 1..];
        let (item, n) = match op {
            SreOpcode::FAILURE => return Some((all, at + 1)),
            SreOpcode::NEGATE => (Item::Negate, 0),
            SreOpcode::LITERAL => (Item::Range(*rest.first()?, *rest.first()?), 1),
            SreOpcode::RANGE => (Item::Range(*rest.first()?, *rest.get(1)?), 2),
            SreOpcode::RANGE_UNI_IGNORE => (Item::RangeOrUpper(*rest.first()?, *rest.get(1)?), 2),
            SreOpcode::CHARSET => (Item::Bitmap(rest.get(..8)?.try_into().ok()?), 8),
            SreOpcode::BIGCHARSET => {
                let n = 65 + 8 * *rest.first()? as usize;
                let numbers = rest.get(1..65)?.iter().flat_map(|w| w.to_ne_bytes()).collect();
                (Item::Blocks(numbers, rest.get(65..n)?.to_vec()), n)
            }
            SreOpcode::CATEGORY => (Item::Category(SreCatCode::try_from(*rest.first()?).ok()?), 1),
            _ => return None,
        };
        all.push(item);
        at += 1 + n;
    }
}

/// What makes a character one of a class.
#[derive(Debug)]
struct Rule {
    items: Vec<Item>,
    fold: Fold,
    negated: bool,
}

impl Rule {
    fn listed(&self, c: u32) -> bool {
        let mut inside = true;
        for item in &self.items {
            if matches!(item, Item::Negate) {
                inside = !inside;
            } else if item.has(c) {
                return inside;
            }
        }
        !inside
    }

    fn has(&self, c: u32) -> bool {
        let listed = match self.fold {
            Fold::Locale => self.listed(sre::lower_ascii(c)) || self.listed(upper_ascii(c)),
            fold => self.listed(fold.lower(c)),
        };
        listed != self.negated
    }
}

/// What holds for the characters beyond the table.
#[derive(Debug)]
enum Beyond {
    All(bool),
    Some(Box<Rule>),
}

/// A set of characters.
#[derive(Debug)]
pub(in crate::modules::_sre) struct Class {
    pub(super) low: Box<[bool; 256]>,
    beyond: Beyond,
}

impl Class {
    fn new(items: Vec<Item>, fold: Fold, negated: bool) -> Self {
        let rule = Rule { items, fold, negated };
        let mut low = Box::new([false; 256]);
        for (c, holds) in (0..).zip(low.iter_mut()) {
            *holds = rule.has(c);
        }
        let alike = fold != Fold::Unicode && rule.items.iter().all(Item::is_narrow);
        let beyond = if alike { Beyond::All(rule.has(256)) } else { Beyond::Some(Box::new(rule)) };
        Self { low, beyond }
    }

    #[inline]
    pub(super) fn has(&self, c: u32) -> bool {
        match self.low.get(c as usize) {
            Some(&holds) => holds,
            None => match &self.beyond {
                Beyond::All(holds) => *holds,
                Beyond::Some(rule) => rule.has(c),
            },
        }
    }

    /// Whether characters beyond the table may be in it.
    pub(super) fn may_go_beyond(&self) -> bool {
        !matches!(self.beyond, Beyond::All(false))
    }
}

/// Which of the first 256 characters the set is for that `words` are.
pub(in crate::modules::_sre) fn set(words: &[u32]) -> Option<Box<[bool; 256]>> {
    let (items, _) = items(words)?;
    Some(Class::new(items, Fold::Exact, false).low)
}

/// What matches exactly one character.
pub(super) enum Unit {
    Char(u32),
    Class(Class),
}

/// The single character instruction that `words` begin with, and how many words it has; `None` if it is another.
pub(super) fn unit(words: &[u32]) -> Option<(Unit, usize)> {
    let op = SreOpcode::try_from(*words.first()?).ok()?;
    let arg = || words.get(1).copied();
    let one = |c: u32, fold, negated| {
        Some((Unit::Class(Class::new(vec![Item::Range(c, c)], fold, negated)), 2))
    };
    let set = |fold| {
        let (items, n) = items(words.get(2..)?)?;
        (arg()? as usize == n + 1).then_some((Unit::Class(Class::new(items, fold, false)), n + 2))
    };
    match op {
        SreOpcode::LITERAL => Some((Unit::Char(arg()?), 2)),
        SreOpcode::NOT_LITERAL => one(arg()?, Fold::Exact, true),
        SreOpcode::LITERAL_IGNORE => one(arg()?, Fold::Ascii, false),
        SreOpcode::NOT_LITERAL_IGNORE => one(arg()?, Fold::Ascii, true),
        SreOpcode::LITERAL_UNI_IGNORE => one(arg()?, Fold::Unicode, false),
        SreOpcode::NOT_LITERAL_UNI_IGNORE => one(arg()?, Fold::Unicode, true),
        SreOpcode::LITERAL_LOC_IGNORE => one(arg()?, Fold::Locale, false),
        SreOpcode::NOT_LITERAL_LOC_IGNORE => one(arg()?, Fold::Locale, true),
        SreOpcode::ANY => {
            let (unit, _) = one(b'\n'.into(), Fold::Exact, true)?;
            Some((unit, 1))
        }
        SreOpcode::ANY_ALL => Some((Unit::Class(Class::new(vec![], Fold::Exact, true)), 1)),
        SreOpcode::FAILURE => Some((Unit::Class(Class::new(vec![], Fold::Exact, false)), 1)),
        SreOpcode::CATEGORY => {
            let item = Item::Category(SreCatCode::try_from(arg()?).ok()?);
            Some((Unit::Class(Class::new(vec![item], Fold::Exact, false)), 2))
        }
        SreOpcode::IN => set(Fold::Exact),
        SreOpcode::IN_IGNORE => set(Fold::Ascii),
        SreOpcode::IN_UNI_IGNORE => set(Fold::Unicode),
        SreOpcode::IN_LOC_IGNORE => set(Fold::Locale),
        _ => None,
    }
}

impl From<Unit> for Class {
    fn from(unit: Unit) -> Self {
        match unit {
            Unit::Char(c) => Self::new(vec![Item::Range(c, c)], Fold::Exact, false),
            Unit::Class(class) => class,
        }
    }
}
