//! Reads the notation that `python.peg` is written in.
//!
//! A rule is `name flags:` and one indented `| alternative` per line. Alternatives hold `'keyword'`,
//! `"soft keyword"`, `TOKEN`, `rule`, `(group | group)`, `[optional]`, `item?`, `item*`, `item+`, `sep.item+`,
//! `&ahead`, `!not_ahead`, `&&required`, `~` (no way back) and `label=item`, then `-> action`. Flags: `left` (the
//! rule starts with itself), `memo` (results are shared between passes over mistakes and plain
//! ones), `nomemo`, `plain` (no mistakes are looked for below it).

use std::collections::HashMap;

use super::super::lexer::Tok;

/// A grammar ready to run.
#[derive(Debug, Default)]
pub(super) struct Grammar {
    pub(super) rules: Vec<Rule>,
    names: HashMap<&'static str, usize>,
}

impl Grammar {
    pub(super) fn rule(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }
}

#[derive(Debug, Default)]
pub(super) struct Rule {
    pub(super) alts: Vec<Alt>,
    pub(super) is_left: bool,
    pub(super) is_shared: bool,
    pub(super) is_cached: bool,
    pub(super) is_plain: bool,
}

#[derive(Debug)]
pub(super) struct Alt {
    pub(super) items: Vec<(Option<u8>, Item)>,
    pub(super) action: Action,
    /// Tried only when looking for mistakes.
    pub(super) is_mistake: bool,
}

#[derive(Debug)]
pub(super) enum Item {
    Token(Tok),
    /// A keyword or operator, told by its text.
    Word(&'static str),
    Soft(&'static str),
    AnySoft,
    Rule(usize),
    Group(Vec<Alt>),
    Optional(Box<Item>),
    Repeat {
        item: Box<Item>,
        at_least_one: bool,
    },
    Gather {
        separator: Box<Item>,
        item: Box<Item>,
    },
    Ahead(Box<Item>),
    NotAhead(Box<Item>),
    Required(&'static str),
    Cut,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// The only item, or a sequence of all.
    Plain,
    /// The labelled item.
    Label(u8),
    /// A node of its own kind.
    Node(&'static str),
    /// An error at a place told by name and labels, with a message template.
    Error { place: &'static str, labels: [u8; 2], message: &'static str },
    /// A check written in Rust.
    Check { name: &'static str, labels: [u8; 2], words: &'static str },
}

/// Reads the grammar. A line it cannot read is dropped, which the tests would notice.
pub(super) fn read(text: &'static str) -> Grammar {
    let mut grammar = Grammar::default();
    let lines = || text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    for header in lines().filter_map(header) {
        let index = grammar.names.len();
        grammar.names.insert(header.0, index);
    }
    for line in lines() {
        if let Some((_, flags)) = header(line) {
            let has = |flag| flags.split(' ').any(|word| word == flag);
            grammar.rules.push(Rule {
                alts: Vec::new(),
                is_left: has("left"),
                is_shared: has("memo"),
                is_cached: !has("nomemo"),
                is_plain: has("plain"),
            });
        } else if let Some(body) = line.trim_start().strip_prefix("| ") {
            let alts = Reader { rest: body, names: &grammar.names }.alternatives();
            if let Some(rule) = grammar.rules.last_mut() {
                rule.alts.extend(alts);
            }
        }
    }
    grammar
}

fn header(line: &'static str) -> Option<(&'static str, &'static str)> {
    let line = line.strip_suffix(':').filter(|line| !line.starts_with(' '))?;
    Some(line.split_once(' ').unwrap_or((line, "")))
}

struct Reader<'a> {
    rest: &'static str,
    names: &'a HashMap<&'static str, usize>,
}

impl Reader<'_> {
    fn skip(&mut self, n_bytes: usize) {
        self.rest = self.rest.get(n_bytes..).unwrap_or_default();
    }

    fn eat(&mut self, text: &str) -> bool {
        self.rest = self.rest.trim_start();
        let found = self.rest.starts_with(text);
        if found {
            self.skip(text.len());
        }
        found
    }

    fn word(&mut self) -> &'static str {
        let len = self.rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        let (word, rest) = self.rest.split_at(len);
        self.rest = rest;
        word
    }

    fn quoted(&mut self, quote: char) -> &'static str {
        let (word, rest) = self.rest.split_once(quote).unwrap_or((self.rest, ""));
        self.rest = rest;
        word
    }

    fn alternatives(&mut self) -> Vec<Alt> {
        let mut alts = vec![self.alternative()];
        while self.eat("| ") {
            alts.push(self.alternative());
        }
        alts
    }

    fn alternative(&mut self) -> Alt {
        let mut items = Vec::new();
        let mut is_mistake = false;
        let mut action = Action::Plain;
        loop {
            self.rest = self.rest.trim_start();
            if self.eat("-> ") {
                action = self.action();
                break;
            }
            let label = self.label();
            is_mistake |= self.rest.starts_with("bad_");
            let Some(item) = self.item() else { break };
            items.push((label, item));
        }
        Alt { items, action, is_mistake }
    }

    fn label(&mut self) -> Option<u8> {
        let (word, rest) = self.rest.split_once('=')?;
        let is_word = !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
        let label = word.bytes().next().filter(|_| is_word)?;
        self.rest = rest;
        Some(label)
    }

    fn item(&mut self) -> Option<Item> {
        let item = match self.rest.chars().next()? {
            '~' => {
                self.skip(1);
                return Some(Item::Cut);
            }
            '&' if self.eat("&&'") => return Some(Item::Required(self.quoted('\''))),
            '&' => {
                self.skip(1);
                return Some(Item::Ahead(Box::new(self.item()?)));
            }
            '!' => {
                self.skip(1);
                return Some(Item::NotAhead(Box::new(self.item()?)));
            }
            _ => self.atom()?,
        };
        if self.rest.starts_with('.') && !self.rest.starts_with("..") {
            self.skip(1);
            let inner = self.atom()?;
            self.eat("+");
            return Some(Item::Gather { separator: Box::new(item), item: Box::new(inner) });
        }
        Some(match self.rest.chars().next() {
            Some('?') => {
                self.skip(1);
                Item::Optional(Box::new(item))
            }
            Some(sign @ ('*' | '+')) => {
                self.skip(1);
                Item::Repeat { item: Box::new(item), at_least_one: sign == '+' }
            }
            _ => item,
        })
    }

    fn atom(&mut self) -> Option<Item> {
        match self.rest.chars().next()? {
            '\'' => {
                self.skip(1);
                Some(Item::Word(self.quoted('\'')))
            }
            '"' => {
                self.skip(1);
                Some(Item::Soft(self.quoted('"')))
            }
            '(' => {
                self.skip(1);
                let alts = self.alternatives();
                self.eat(")");
                Some(Item::Group(alts))
            }
            '[' => {
                self.skip(1);
                let alts = self.alternatives();
                self.eat("]");
                Some(Item::Optional(Box::new(Item::Group(alts))))
            }
            c if c.is_ascii_alphabetic() => {
                let word = self.word();
                Some(match token(word) {
                    Some(tok) => Item::Token(tok),
                    None if word == "SOFT" => Item::AnySoft,
                    None => Item::Rule(*self.names.get(word)?),
                })
            }
            _ => None,
        }
    }

    fn action(&mut self) -> Action {
        let kind = self.rest.chars().next();
        if !matches!(kind, Some('$' | '!' | '?')) {
            return Action::Node(self.word());
        }
        self.skip(1);
        let name = self.word();
        if kind == Some('$') {
            return Action::Label(name.bytes().next().unwrap_or_default());
        }
        let is_check = kind == Some('?');
        let n_labels = match name {
            "span" | "comma" | "legacy" | "genexp" | "conversion" | "bound" | "complex" => 2,
            "at" | "from" | "mixed" | "strings" | "key" => 1,
            _ => 0,
        };
        // `?target` has a word before its label.
        let words = if name == "target" { self.next_word() } else { "" };
        let mut labels = [0; 2];
        for label in labels.iter_mut().take(if name == "target" { 1 } else { n_labels }) {
            *label = self.next_word().bytes().next().unwrap_or_default();
        }
        if !is_check {
            let message = std::mem::take(&mut self.rest).trim();
            return Action::Error { place: name, labels, message };
        }
        let words = if name == "bound" { self.next_word() } else { words };
        Action::Check { name, labels, words }
    }

    fn next_word(&mut self) -> &'static str {
        self.rest = self.rest.trim_start();
        self.word()
    }
}

fn token(word: &str) -> Option<Tok> {
    Some(match word {
        "NAME" => Tok::Name,
        "NUMBER" => Tok::Number,
        "STRING" => Tok::String,
        "NEWLINE" => Tok::Newline,
        "INDENT" => Tok::Indent,
        "DEDENT" => Tok::Dedent,
        "END" => Tok::End,
        "FSTRING_START" => Tok::FStringStart,
        "FSTRING_MIDDLE" => Tok::FStringMiddle,
        "FSTRING_END" => Tok::FStringEnd,
        "TSTRING_START" => Tok::TStringStart,
        "TSTRING_MIDDLE" => Tok::TStringMiddle,
        "TSTRING_END" => Tok::TStringEnd,
        _ => return None,
    })
}
