//! Runs a grammar over tokens, as far as it goes.
//!
//! A packrat parser: alternatives are tried in order, results are remembered per rule and
//! position, and left-recursive rules grow from a first match. What counts is less the tree (nodes are
//! just rich enough for error messages) than how far into the tokens any attempt has looked.

use std::{collections::HashMap, rc::Rc};

use super::{
    super::{
        lexer::{LexError, Lexer, Tok, Token},
        parse::Mode,
    },
    notation::{Action, Alt, Grammar, Item},
};

/// Nested rules beyond which a text counts as too complex.
const MAX_LEVEL: u32 = 6_000;
const STACK_RED_ZONE: usize = 128 * 1024;
const STACK_SIZE: usize = 4 * 1024 * 1024;

/// A piece of the tree: a kind, the tokens it spans, and parts.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: &'static str,
    /// First token.
    pub(super) start: usize,
    /// Token after the last.
    pub(super) end: usize,
    pub(super) parts: Vec<Rc<Node>>,
}

/// Why parsing ended for good.
#[derive(Debug)]
pub(super) enum Stop {
    /// The lexer's error, met in the tokens parsed.
    Lex,
    /// An error worded by the grammar.
    Raised(Raised),
    /// Nesting too deep.
    TooComplex,
}

/// Where an error of the grammar is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Where {
    /// The last token looked at.
    Here,
    /// From one token to the end of another.
    Tokens(usize, usize),
    /// From a token to where the lexer stands.
    From(usize),
    /// One byte before the end of a token, with no end.
    LastByte(usize),
}

#[derive(Debug)]
pub(super) struct Raised {
    pub(super) is_indentation: bool,
    pub(super) place: Where,
    pub(super) message: String,
}

pub(super) type Parsed = Result<Option<Rc<Node>>, Stop>;
type Labels = Vec<(u8, Rc<Node>)>;
/// Rule, first token, and whether mistakes are looked for.
type MemoKey = (usize, usize, bool);

/// The state of a run.
pub(super) struct Engine<'a> {
    pub(super) grammar: &'a Grammar,
    pub(super) text: &'a str,
    mode: Mode,
    /// Length of the text without a newline added to it.
    source_len: usize,
    pub(super) lexer: Lexer<'a>,
    pub(super) tokens: Vec<Token>,
    pub(super) lex_error: Option<LexError>,
    pub(super) at: usize,
    pub(super) finds_mistakes: bool,
    level: u32,
    memo: HashMap<MemoKey, (Option<Rc<Node>>, usize)>,
}

impl<'a> Engine<'a> {
    pub(super) fn new(grammar: &'a Grammar, text: &'a str, source_len: usize, mode: Mode) -> Self {
        Self {
            grammar,
            text,
            mode,
            source_len,
            lexer: Lexer::new(text),
            tokens: Vec::new(),
            lex_error: None,
            at: 0,
            finds_mistakes: false,
            level: 0,
            memo: HashMap::new(),
        }
    }

    /// Goes back to the start to look for mistakes.
    pub(super) fn look_for_mistakes(&mut self) {
        self.at = 0;
        self.finds_mistakes = true;
        self.memo.clear();
    }

    /// Token `index`, reading up to it.
    pub(super) fn token(&mut self, index: usize) -> Result<Token, Stop> {
        while self.tokens.len() <= index {
            if self.lex_error.is_some() {
                return Err(Stop::Lex);
            }
            match self.lexer.next_token() {
                Ok(token) => self.push(token),
                Err(error) => self.lex_error = Some(*error),
            }
        }
        self.tokens.get(index).copied().ok_or(Stop::Lex)
    }

    /// Adds a token, in the light of how CPython treats the end of a text without a newline.
    fn push(&mut self, mut token: Token) {
        if self.mode != Mode::Exec && token.end > self.source_len {
            token.has_column &= token.kind != Tok::Newline;
            token.cursor = token.cursor.min(self.source_len);
        }
        // A statement typed in may end with the text; the end then counts as a newline first.
        let is_end = self.mode == Mode::Single && token.kind == Tok::End;
        if is_end
            && self.tokens.last().is_some_and(|last| last.has_column || last.kind == Tok::Dedent)
        {
            token.kind = Tok::Newline;
        }
        self.tokens.push(token);
    }

    pub(super) fn text_of(&self, token: Token) -> &'a str {
        self.text.get(token.start..token.end).unwrap_or_default()
    }

    pub(super) fn rule(&mut self, index: usize) -> Parsed {
        stacker::maybe_grow(STACK_RED_ZONE, STACK_SIZE, || self.rule_here(index))
    }

    fn rule_here(&mut self, index: usize) -> Parsed {
        let grammar = self.grammar;
        let Some(rule) = grammar.rules.get(index) else { return Ok(None) };
        let start = self.at;
        let key = (index, start, self.finds_mistakes && !rule.is_shared);
        if rule.is_cached
            && let Some((node, end)) = self.memo.get(&key)
        {
            self.at = *end;
            return Ok(node.clone());
        }
        self.token(start)?;
        if self.level >= MAX_LEVEL {
            return Err(Stop::TooComplex);
        }
        self.level += 1;
        let finds_mistakes = self.finds_mistakes;
        self.finds_mistakes &= !rule.is_plain;
        let result = if rule.is_left { self.grow(&rule.alts, key) } else { self.alts(&rule.alts) };
        self.finds_mistakes = finds_mistakes;
        self.level -= 1;
        let node = result?;
        if rule.is_cached {
            self.memo.insert(key, (node.clone(), self.at));
        }
        Ok(node)
    }

    /// Matches a rule that starts with itself: each round may use the round before.
    fn grow(&mut self, alts: &'a [Alt], key: MemoKey) -> Parsed {
        let start = self.at;
        let (mut best, mut best_end) = (None, start);
        loop {
            self.memo.insert(key, (best.clone(), best_end));
            self.at = start;
            let node = self.alts(alts)?;
            if node.is_none() || self.at <= best_end {
                break;
            }
            (best, best_end) = (node, self.at);
        }
        self.at = best_end;
        Ok(best)
    }

    fn alts(&mut self, alts: &'a [Alt]) -> Parsed {
        let start = self.at;
        for alt in alts {
            if alt.is_mistake && !self.finds_mistakes {
                continue;
            }
            self.at = start;
            let mut is_cut = false;
            if let Some(node) = self.alt(alt, &mut is_cut)? {
                return Ok(Some(node));
            }
            if is_cut {
                break;
            }
        }
        self.at = start;
        Ok(None)
    }

    fn alt(&mut self, alt: &'a Alt, is_cut: &mut bool) -> Parsed {
        let start = self.at;
        let mut parts = Vec::new();
        let mut labels: Labels = Vec::new();
        for (label, item) in &alt.items {
            if matches!(item, Item::Cut) {
                *is_cut = true;
                continue;
            }
            let Some(node) = self.item(item)? else { return Ok(None) };
            if let Some(label) = label {
                labels.push((*label, Rc::clone(&node)));
            }
            if !matches!(item, Item::Ahead(_) | Item::NotAhead(_)) {
                parts.push(node);
            }
        }
        self.act(alt.action, start, parts, labels)
    }

    fn act(
        &mut self,
        action: Action,
        start: usize,
        parts: Vec<Rc<Node>>,
        labels: Labels,
    ) -> Parsed {
        let end = self.at;
        let node = |kind, parts| Some(Rc::new(Node { kind, start, end, parts }));
        let find = |label| labels.iter().find(|(name, _)| *name == label).map(|(_, node)| node);
        match action {
            Action::Plain => Ok(match <[Rc<Node>; 1]>::try_from(parts) {
                Ok([only]) => Some(only),
                Err(parts) => node("", parts),
            }),
            Action::Label(label) => Ok(find(label).cloned()),
            Action::Node(kind) => Ok(node(kind, parts)),
            Action::Error { place, labels, message } => {
                // Messages without a place of their own may still speak of `a`.
                let a = find(if labels[0] == 0 { b'a' } else { labels[0] }).cloned();
                let b = find(labels[1]).cloned();
                Err(self.mistake(place, a.as_deref(), b.as_deref(), message))
            }
            Action::Check { name, labels, words } => {
                let [a, b] = labels.map(|label| find(label).cloned());
                self.check(name, a.as_deref(), b.as_deref(), words)?;
                Ok(match name {
                    "strings" => node(self.strings_kind(start), parts),
                    "conversion" | "complex" => node("", parts),
                    _ => None,
                })
            }
        }
    }

    fn leaf(&self, start: usize) -> Rc<Node> {
        Rc::new(Node { kind: "", start, end: self.at, parts: Vec::new() })
    }

    fn accept(&mut self, is_match: impl FnOnce(&Self, Token) -> bool) -> Parsed {
        let token = self.token(self.at)?;
        if !is_match(self, token) {
            return Ok(None);
        }
        let start = self.at;
        self.at += 1;
        Ok(Some(self.leaf(start)))
    }

    fn item(&mut self, item: &'a Item) -> Parsed {
        match item {
            Item::Token(Tok::Name) => self.accept(|engine, token| {
                token.kind == Tok::Name && !is_keyword(engine.text_of(token))
            }),
            Item::Token(kind) => self.accept(|_, token| token.kind == *kind),
            Item::Word(word) => self.accept(|engine, token| {
                matches!(token.kind, Tok::Name | Tok::Op) && engine.text_of(token) == *word
            }),
            Item::Soft(word) => self.accept(|engine, token| {
                matches!(token.kind, Tok::Name | Tok::Op) && engine.text_of(token) == *word
            }),
            Item::AnySoft => self.accept(|engine, token| {
                let soft = ["_", "case", "match", "type"];
                token.kind == Tok::Name && soft.contains(&engine.text_of(token))
            }),
            Item::Rule(index) => self.rule(*index),
            Item::Group(alts) => self.alts(alts),
            Item::Optional(inner) => {
                let start = self.at;
                match self.item(inner)? {
                    Some(node) => Ok(Some(node)),
                    None => {
                        self.at = start;
                        Ok(Some(self.leaf(start)))
                    }
                }
            }
            Item::Repeat { item, at_least_one } => self.repeat(None, item, *at_least_one),
            Item::Gather { separator, item } => self.repeat(Some(separator), item, true),
            Item::Ahead(inner) => self.ahead(inner, true),
            Item::NotAhead(inner) => self.ahead(inner, false),
            Item::Required(word) => self.required(word),
            Item::Cut => Ok(None),
        }
    }

    fn repeat(
        &mut self,
        separator: Option<&'a Item>,
        item: &'a Item,
        at_least_one: bool,
    ) -> Parsed {
        let start = self.at;
        let mut parts = Vec::new();
        loop {
            let before = self.at;
            if let Some(separator) = separator
                && !parts.is_empty()
                && self.item(separator)?.is_none()
            {
                self.at = before;
                break;
            }
            match self.item(item)? {
                Some(node) if self.at > before => parts.push(node),
                _ => {
                    self.at = before;
                    break;
                }
            }
        }
        if at_least_one && parts.is_empty() {
            return Ok(None);
        }
        Ok(Some(Rc::new(Node { kind: "Seq", start, end: self.at, parts })))
    }

    fn ahead(&mut self, item: &'a Item, wanted: bool) -> Parsed {
        let start = self.at;
        let found = self.item(item)?.is_some();
        self.at = start;
        Ok((found == wanted).then(|| self.leaf(start)))
    }

    fn required(&mut self, word: &'static str) -> Parsed {
        let at = self.at;
        let found =
            self.accept(|engine, token| token.kind == Tok::Op && engine.text_of(token) == word)?;
        if found.is_none() && self.finds_mistakes {
            let message = format!("expected '{word}'");
            let place = Where::Tokens(at, at);
            return Err(Stop::Raised(Raised { is_indentation: false, place, message }));
        }
        Ok(found)
    }
}

/// Whether `name` is a reserved word.
pub(super) fn is_keyword(name: &str) -> bool {
    matches!(
        name,
        "False"
            | "None"
            | "True"
            | "and"
            | "as"
            | "assert"
            | "async"
            | "await"
            | "break"
            | "class"
            | "continue"
            | "def"
            | "del"
            | "elif"
            | "else"
            | "except"
            | "finally"
            | "for"
            | "from"
            | "global"
            | "if"
            | "import"
            | "in"
            | "is"
            | "lambda"
            | "nonlocal"
            | "not"
            | "or"
            | "pass"
            | "raise"
            | "return"
            | "try"
            | "while"
            | "with"
            | "yield"
    )
}
