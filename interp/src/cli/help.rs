//! The texts that `-h` and its relatives print.

/// The usage line of the command `name`.
pub(super) fn usage(name: &str) -> String {
    format!("usage: {name} [option] ... [-c cmd | -m mod | file | -] [arg] ...\n")
}

pub(super) const HELP: &str = "\
Options (variables that do the same in brackets):
-b     : warn when bytes are compared with str, or turned into one (-bb: error)
-B     : write no .pyc files [PYTHONDONTWRITEBYTECODE]
-c cmd : run the text cmd; what follows are its arguments
-d     : accepted, without effect [PYTHONDEBUG]
-E     : ignore the PYTHON* variables
-h     : print this help and exit (also -? and --help)
-i     : go on interactively after the program [PYTHONINSPECT]
-I     : isolate from the user's environment (implies -E, -P and -s)
-m mod : run the module mod as a program; what follows are its arguments
-O     : leave out assert statements; __debug__ is False [PYTHONOPTIMIZE]
-OO    : as -O, and leave out docstrings
-P     : do not put the program's folder on sys.path [PYTHONSAFEPATH]
-q     : start interactively without the greeting
-s     : leave out the user's site-packages [PYTHONNOUSERSITE]
-S     : do not import site
-u     : do not buffer standard output and standard error [PYTHONUNBUFFERED]
-v     : trace imports [PYTHONVERBOSE]
-V     : print the version and exit (also --version); -VV for more
-W arg : warning filter, action:message:category:module:lineno [PYTHONWARNINGS]
-x     : skip the first line of the program
-X opt : set an option of this implementation (--help-xoptions lists them)
--check-hash-based-pycs always|default|never:
         when to check .pyc files that carry a hash
--help-env, --help-xoptions, --help-all:
         print help on variables, on -X options, or on everything, and exit

Arguments:
file   : a program, or a folder or archive with a __main__.py
-      : read the program from standard input (the default)
arg ...: what the program sees as sys.argv[1:]
";

pub(super) const HELP_ENV: &str = "\
Environment variables:
PYTHONPATH      : folders to search for modules first, separated by ':'
PYTHONHOME      : sys.prefix; a library under it, lib/python3.14, comes before the built-in one
PYTHONSTARTUP   : file to run before the first interactive prompt
PYTHONHASHSEED  : 'random', or a number from which str hashes are derived
PYTHONIOENCODING: encoding[:errors] of the standard streams
PYTHONBREAKPOINT: what breakpoint() calls; 0 turns it off
PYTHONPYCACHEPREFIX: folder for .pyc files
PYTHONINTMAXSTRDIGITS: most digits for conversions between int and str (0: no limit)
PYTHON_CPU_COUNT: what os.cpu_count() answers
PYTHONUTF8, PYTHONDEVMODE, PYTHONNODEBUGRANGES, PYTHONWARNDEFAULTENCODING:
                  as the -X options of the same meaning
PYTHON_COLORS, NO_COLOR, FORCE_COLOR: whether output is colored
PYTHON_HISTORY  : file for the interactive history
";

pub(super) const HELP_X: &str = "\
Options of this implementation (-X name or -X name=value):
stm=auto|solo|on|off : transactions when a second thread starts (auto), never (solo, off)
                       or always (on)
stm-stats            : print commits, aborts and waiting times at exit
stm-report           : print which source lines lost time to which others
stm-window=N         : bytecodes per transaction (default: adaptive)
stm-shake=SEED       : abort attempts at random, for tests
max-memory=N         : raise MemoryError beyond N bytes (K, M and G allowed)
gc-stress            : collect garbage at every safepoint, for tests
gc-markers=1|2       : threads that mark (default: 2 on more than one processor)
dis                  : print the program's bytecode instead of running it
cpu_count=N, dev, int_max_str_digits=N, no_debug_ranges, pycache_prefix=PATH,
utf8[=0|1], warn_default_encoding : as in CPython
Other names are kept in sys._xoptions.
";
