//! Binary data as text for transport: base64, quoted-printable, uuencode, and checksums.

use super::TextError;

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const fn base64_values() -> [u8; 256] {
    let mut table = [255; 256];
    let mut i = 0;
    while i < 64 {
        table[BASE64[i] as usize] = i as u8;
        i += 1;
    }
    table
}

static BASE64_VALUES: [u8; 256] = base64_values();

/// Encodes base64, with padding.
pub fn to_base64(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len().div_ceil(3) * 4 + 1);
    let digit = |n: u32, shift: u32| BASE64[(n >> shift) as usize & 63];
    for chunk in data.chunks(3) {
        let b = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let n = b(0) << 16 | b(1) << 8 | b(2);
        out.extend_from_slice(&[digit(n, 18), digit(n, 12), digit(n, 6), digit(n, 0)]);
    }
    let len = out.len();
    match data.len() % 3 {
        1 => out[len - 2..].fill(b'='),
        2 => out[len - 1] = b'=',
        _ => {}
    }
    out
}

/// Decodes base64; unless `strict`, skips what is no base64 digit.
///
/// # Errors
/// The message of `binascii.Error`.
pub fn from_base64(data: &[u8], strict: bool) -> Result<Vec<u8>, String> {
    let fail = |m: &str| Err(m.to_owned());
    if strict && data.first() == Some(&b'=') {
        return fail("Leading padding not allowed");
    }
    let mut out = Vec::with_capacity(data.len() / 4 * 3 + 3);
    let (mut position, mut left, mut pads, mut padding) = (0_u32, 0_u8, 0_u32, false);
    for (i, &c) in data.iter().enumerate() {
        if c == b'=' {
            padding = true;
            if strict && position == 0 {
                return fail("Excess padding not allowed");
            }
            if position >= 2 {
                pads += 1;
                if position + pads >= 4 {
                    if strict && i + 1 < data.len() {
                        return fail("Excess data after padding");
                    }
                    return Ok(out);
                }
            }
            continue;
        }
        let v = BASE64_VALUES[usize::from(c)];
        if v == 255 {
            if strict {
                return fail("Only base64 data is allowed");
            }
            continue;
        }
        if strict && padding {
            return fail("Discontinuous padding not allowed");
        }
        pads = 0;
        match position {
            0 => left = v,
            1 => {
                out.push(left << 2 | v >> 4);
                left = v & 0x0F;
            }
            2 => {
                out.push(left << 4 | v >> 2);
                left = v & 0x03;
            }
            _ => {
                out.push(left << 6 | v);
                left = 0;
            }
        }
        position = (position + 1) % 4;
    }
    match position {
        0 => Ok(out),
        1 => Err(format!(
            "Invalid base64-encoded string: number of data characters ({}) cannot be 1 more than a multiple of 4",
            out.len() / 3 * 4 + 1
        )),
        _ => fail("Incorrect padding"),
    }
}

/// Decodes hexadecimal digits.
///
/// # Errors
/// The message of `binascii.Error`.
pub fn from_hex(data: &[u8]) -> Result<Vec<u8>, String> {
    if !data.len().is_multiple_of(2) {
        return Err("Odd-length string".to_owned());
    }
    let digit = |b: u8| (b as char).to_digit(16);
    let pair = |p: &[u8]| Some((digit(p[0])? << 4 | digit(p[1])?) as u8);
    data.chunks_exact(2)
        .map(pair)
        .collect::<Option<_>>()
        .ok_or_else(|| "Non-hexadecimal digit found".to_owned())
}

/// Decodes a line of uuencoded data.
///
/// # Errors
/// The message of `binascii.Error`.
pub fn from_uu(data: &[u8]) -> Result<Vec<u8>, String> {
    let Some((&first, mut rest)) = data.split_first() else { return Ok(Vec::new()) };
    let len = usize::from(first.wrapping_sub(b' ') & 0x3F);
    let mut out = Vec::with_capacity(len);
    let (mut bits, mut n) = (0_u32, 0);
    while out.len() < len {
        let c = rest.first().copied();
        let v = match c {
            // Spaces at the end of the line may have been eaten.
            None | Some(b'\n' | b'\r') => 0,
            Some(c @ 32..=96) => (c - b' ') & 0x3F,
            Some(_) => return Err("Illegal char".to_owned()),
        };
        rest = rest.get(1..).unwrap_or_default();
        bits = bits << 6 | u32::from(v);
        n += 6;
        if n >= 8 {
            n -= 8;
            out.push((bits >> n) as u8);
            bits &= (1 << n) - 1;
        }
    }
    if rest.iter().any(|c| !matches!(c, b' ' | b'`' | b'\n' | b'\r')) {
        return Err("Trailing garbage".to_owned());
    }
    Ok(out)
}

/// Encodes at most 45 bytes as a line of uuencoded data.
///
/// # Errors
/// The message of `binascii.Error`.
pub fn to_uu(data: &[u8], backtick: bool) -> Result<Vec<u8>, String> {
    if data.len() > 45 {
        return Err("At most 45 bytes at once".to_owned());
    }
    let put = |v: u8| if backtick && v == 0 { b'`' } else { v + b' ' };
    let mut out = vec![put(data.len() as u8)];
    for chunk in data.chunks(3) {
        let b = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let n = b(0) << 16 | b(1) << 8 | b(2);
        out.extend([18, 12, 6, 0].map(|shift| put((n >> shift) as u8 & 0x3F)));
    }
    out.push(b'\n');
    Ok(out)
}

/// Decodes quoted-printable; `header`: underscores are spaces.
pub fn from_qp(data: &[u8], header: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len());
    let digit = |i: usize| data.get(i).and_then(|&b| (b as char).to_digit(16));
    let mut at = 0;
    while let Some(&b) = data.get(at) {
        at += 1;
        match b {
            b'=' => match data.get(at) {
                None => break,
                Some(b'\n' | b'\r') => {
                    let end = memchr::memchr(b'\n', &data[at..]);
                    at = end.map_or(data.len(), |n| at + n + 1);
                }
                Some(b'=') => {
                    out.push(b'=');
                    at += 1;
                }
                Some(_) => match (digit(at), digit(at + 1)) {
                    (Some(high), Some(low)) => {
                        out.push((high << 4 | low) as u8);
                        at += 2;
                    }
                    _ => out.push(b'='),
                },
            },
            b'_' if header => out.push(b' '),
            _ => out.push(b),
        }
    }
    out
}

/// How `to_qp` treats its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QpOptions {
    /// Encode tabs and spaces, too.
    pub quote_tabs: bool,
    /// Line ends are line ends.
    pub text: bool,
    /// Spaces become underscores.
    pub header: bool,
}

const LINE_MAX: usize = 76;

/// Encodes quoted-printable.
pub fn to_qp(data: &[u8], o: QpOptions) -> Vec<u8> {
    let crlf = memchr::memchr(b'\n', data).is_some_and(|i| i > 0 && data[i - 1] == b'\r');
    let newline: &[u8] = if crlf { b"\r\n" } else { b"\n" };
    let mut out = Vec::with_capacity(data.len() + data.len() / 8);
    let (mut at, mut line) = (0, 0);
    while let Some(&b) = data.get(at) {
        let next = data.get(at + 1).copied();
        if needs_quoting(b, next, line, o) {
            if line + 3 >= LINE_MAX {
                out.push(b'=');
                out.extend_from_slice(newline);
                line = 0;
            }
            push_quoted(&mut out, b);
            at += 1;
            line += 3;
        } else if o.text && (b == b'\n' || b == b'\r' && next == Some(b'\n')) {
            line = 0;
            // White space at the end of a line would get lost.
            if let Some(last @ (b' ' | b'\t')) = out.last().copied() {
                out.pop();
                push_quoted(&mut out, last);
            }
            out.extend_from_slice(newline);
            at += if b == b'\r' { 2 } else { 1 };
        } else {
            if next.is_some_and(|n| n != b'\n') && line + 1 >= LINE_MAX {
                out.push(b'=');
                out.extend_from_slice(newline);
                line = 0;
            }
            line += 1;
            out.push(if o.header && b == b' ' { b'_' } else { b });
            at += 1;
        }
    }
    out
}

fn needs_quoting(b: u8, next: Option<u8>, line: usize, o: QpOptions) -> bool {
    let blank = matches!(b, b'\t' | b' ');
    let newline = matches!(b, b'\r' | b'\n');
    b > 126
        || b == b'='
        || (o.header && b == b'_')
        || (b == b'.' && line == 0 && matches!(next, None | Some(b'\n' | b'\r' | 0)))
        || (!o.text && newline)
        || (blank && next.is_none())
        || (b < 33 && !newline && (o.quote_tabs || !blank))
}

fn push_quoted(out: &mut Vec<u8>, b: u8) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    out.extend_from_slice(&[b'=', HEX[usize::from(b >> 4)], HEX[usize::from(b & 15)]]);
}

const fn crc32_tables() -> [[u32; 256]; 8] {
    let mut tables = [[0; 256]; 8];
    let mut i = 0;
    while i < 256 {
        let mut c = i as u32;
        let mut k = 0;
        while k < 8 {
            c = if c & 1 == 1 { 0xEDB8_8320 ^ c >> 1 } else { c >> 1 };
            k += 1;
        }
        tables[0][i] = c;
        i += 1;
    }
    let mut t = 1;
    while t < 8 {
        let mut i = 0;
        while i < 256 {
            let c = tables[t - 1][i];
            tables[t][i] = tables[0][(c & 0xFF) as usize] ^ c >> 8;
            i += 1;
        }
        t += 1;
    }
    tables
}

static CRC32: [[u32; 256]; 8] = crc32_tables();

/// CRC-32 of `data`, going on from `crc`.
pub fn crc32(data: &[u8], crc: u32) -> u32 {
    let mut c = !crc;
    let mut chunks = data.chunks_exact(8);
    for chunk in &mut chunks {
        let low = u32::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3]]) ^ c;
        let at = |table: usize, b: u32| CRC32[table][(b & 0xFF) as usize];
        c = at(7, low) ^ at(6, low >> 8) ^ at(5, low >> 16) ^ at(4, low >> 24);
        for (i, &b) in chunk[4..].iter().enumerate() {
            c ^= at(3 - i, u32::from(b));
        }
    }
    for &b in chunks.remainder() {
        c = CRC32[0][((c ^ u32::from(b)) & 0xFF) as usize] ^ c >> 8;
    }
    !c
}

/// CRC-CCITT (as BinHex uses it) of `data`, going on from `crc`.
pub fn crc_hqx(data: &[u8], crc: u16) -> u16 {
    data.iter().fold(crc, |c, &b| {
        (0..8).fold(
            c ^ u16::from(b) << 8,
            |c, _| if c & 0x8000 != 0 { c << 1 ^ 0x1021 } else { c << 1 },
        )
    })
}

/// Refuses text that is not ASCII.
///
/// # Errors
/// `ValueError`.
pub fn ascii_only(text: &[u8]) -> Result<&[u8], TextError> {
    if text.is_ascii() {
        return Ok(text);
    }
    Err(TextError::value("string argument should contain only ASCII characters"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_pads_and_checks() {
        for (plain, coded) in
            [(&b""[..], &b""[..]), (b"a", b"YQ=="), (b"ab", b"YWI="), (b"abc", b"YWJj")]
        {
            assert_eq!(to_base64(plain), coded);
            assert_eq!(from_base64(coded, true), Ok(plain.to_vec()));
        }
        assert_eq!(from_base64(b"Y!Q\n==", false), Ok(b"a".to_vec()));
        assert_eq!(from_base64(b"YQ=", false).unwrap_err(), "Incorrect padding");
        assert!(from_base64(b"YWJjY", false).unwrap_err().contains("(5)"));
        assert_eq!(from_base64(b"YQ==x", true).unwrap_err(), "Excess data after padding");
    }

    #[test]
    fn checksums_match_known_values() {
        assert_eq!(crc32(b"123456789", 0), 0xCBF4_3926);
        assert_eq!(
            crc32(b"hello world, hello world", 0),
            crc32(b" world, hello world", crc32(b"hello", 0))
        );
        assert_eq!(crc_hqx(b"123456789", 0), 0x31C3);
    }

    #[test]
    fn uu_and_qp_round_trip() {
        let line = to_uu(b"hello", false).unwrap();
        assert_eq!(line, b"%:&5L;&\\ \n");
        assert_eq!(from_uu(&line), Ok(b"hello".to_vec()));
        let o = QpOptions { quote_tabs: false, text: true, header: false };
        assert_eq!(to_qp("é=a \nb".as_bytes(), o), b"=C3=A9=3Da=20\nb");
        assert_eq!(from_qp(b"=C3=A9=\n x", false), "é x".as_bytes());
    }
}
