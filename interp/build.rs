//! Packs the Python part of the standard library into one archive for `stdlib.rs` to embed.
//!
//! Layout, all numbers little-endian `u32`: a count; per file, sorted by path, five numbers (path
//! offset, path length, data offset, packed length, plain length); then all paths, so that a search
//! touches few pages; then data. Offsets count from the start of the archive. Data are LZ4 blocks.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

/// Folders and files that need a part Taipan does not have, or that only test the library.
const LEFT_OUT: &[&str] = &["test", "idlelib", "tkinter", "turtledemo", "turtle.py", "__pycache__"];
/// Modules that the library's package leaves out because they stand on native ones that it does not have.
const OWN: &str = "lib";
/// Files in which the package names its own implementation: in paths of packages and in what `platform` tells.
const NAMED: &[&str] = &["site.py", "sysconfig/__init__.py", "platform.py"];
const ENTRY_LEN: usize = 20;
/// What decides which bytecode a program has.
const COMPILER: &[&str] = &["src/code", "src/compile", "src/syntax"];

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", rustpython_pylib::LIB_PATH);
    println!("cargo::rerun-if-changed={OWN}");
    println!("cargo::rustc-env=COMPILER_SOURCES={:016x}", hash_of(COMPILER)?);
    let lib = Path::new(rustpython_pylib::LIB_PATH);
    let mut files = Vec::new();
    collect(lib, &mut files)?;
    let own = Path::new(OWN);
    collect(own, &mut files)?;
    let mut named = Vec::with_capacity(files.len());
    for file in files {
        let relative = file.strip_prefix(lib).or_else(|_| file.strip_prefix(own));
        let relative = relative.map_err(io::Error::other)?;
        let name = relative.to_str().ok_or_else(|| io::Error::other("path is not UTF-8"))?;
        let name = name.replace('\\', "/");
        let text = fs::read(&file)?;
        let text = if NAMED.contains(&name.as_str()) { renamed(&text) } else { text };
        named.push((name, text));
    }
    named.sort();
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?;
    fs::write(PathBuf::from(out).join("stdlib.bin"), pack(&named)?)
}

/// The text with Taipan's name.
fn renamed(text: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(text);
    text.replace("RustPython", "Taipan").replace("rustpython", "taipan").into_bytes()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if LEFT_OUT.iter().any(|left_out| name == *left_out) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}

/// FNV-1a of all files below these folders.
fn hash_of(folders: &[&str]) -> io::Result<u64> {
    let mut files = Vec::new();
    for folder in folders {
        println!("cargo::rerun-if-changed={folder}");
        collect(Path::new(folder), &mut files)?;
    }
    files.sort();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for file in files {
        let text = fs::read(&file)?;
        for &byte in file.as_os_str().as_encoded_bytes().iter().chain(&text) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    Ok(hash)
}

fn pack(files: &[(String, Vec<u8>)]) -> io::Result<Vec<u8>> {
    let mut index = number(files.len())?.to_vec();
    let (mut names, mut data) = (Vec::new(), Vec::new());
    let names_at = 4 + files.len() * ENTRY_LEN;
    let data_at = names_at + files.iter().map(|(name, _)| name.len()).sum::<usize>();
    for (name, plain) in files {
        let packed = lz4_flex::block::compress(plain);
        let at = [names_at + names.len(), name.len(), data_at + data.len(), packed.len()];
        for field in at.into_iter().chain([plain.len()]) {
            index.extend_from_slice(&number(field)?);
        }
        names.extend_from_slice(name.as_bytes());
        data.extend_from_slice(&packed);
    }
    index.extend_from_slice(&names);
    index.extend_from_slice(&data);
    Ok(index)
}

fn number(value: usize) -> io::Result<[u8; 4]> {
    u32::try_from(value).map(u32::to_le_bytes).map_err(io::Error::other)
}
