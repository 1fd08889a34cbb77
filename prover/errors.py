"""Every error that Lemmaworks raises on purpose.

A failure that is data (a rejected proof, a check that ran out of time during a run) is a `Verdict` or a `Check`, not
an exception. What is raised here ends a command: `prover.cli` prints the message and the remedy, a line each, and
exits with 2. Only what an agent raises ends no more than its attempt: `prover.proposing` sees to that.

    ProverError
    ├── ConfigError              prover.toml or an option makes no sense
    ├── ProjectError             the Lean project cannot be used as it is
    │   ├── NoProject            there is none at that path
    │   ├── ImportCycle          modules import each other in a circle
    │   ├── BuildFailed          a module does not compile
    │   ├── SlotError            a declaration has no slot that could be filled
    │   └── LockError            a locked statement is not what it was, or the lock cannot be read
    ├── BlueprintError           the LaTeX plan cannot be read
    ├── ToolchainError           there is no Lean that works
    │   ├── ProvisionError       the embedded Lean could not be installed (network, disk, corrupt download)
    │   └── ToolchainBroken      a Lean is there and does not start
    ├── LeanError                a running Lean failed us
    │   ├── WorkerDied           the process ended or broke the protocol
    │   ├── LeanCrashed          the compiler ended without a word of what is wrong with the source
    │   ├── CheckTimeout         no answer within the wall limit
    │   ├── ReplayFailed         the kernel could neither accept nor refuse a module
    │   ├── ResourceExhausted    a process used up what it may use; itself raised for memory
    │   │   ├── ProcessTimeout   it did not end within its wall limit, or used up its processor time
    │   │   └── ProcessFlooded   it wrote more output, or a larger file, than it may
    │   └── OleanError           a compiled file is not what Lean writes
    │       └── Unhygienic       it is well formed, but holds a term that no finished declaration has
    ├── AgentError               an agent cannot go on
    │   ├── AgentUnavailable     for now: a server does not answer, or asks for patience
    │   ├── AgentMisconfigured   until somebody acts: a key, a model's name, a missing package
    │   ├── AgentRefused         with this request: it is too long, say; another one may be answered
    │   └── BudgetSpent          it would use more than it may
    ├── Unsound                  the judge called proved what cannot be
    ├── RepositoryError          git refused
    │   ├── BranchMoved          somebody else has moved the run's branch
    │   └── GitInterrupted       git was killed, or found a lock that a killed one left
    └── JournalError             the run's journal is torn, foreign or of another version
"""


class ProverError(Exception):
    """Base of the tree. `remedy` says in one line what the user can do; it may be empty."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class ConfigError(ProverError):
    """A setting or an option makes no sense."""


class ProjectError(ProverError):
    """The Lean project cannot be used as it is."""


class NoProject(ProjectError):
    """There is no Lean project at that path."""


class ImportCycle(ProjectError):
    """Modules import each other in a circle; the message names them in order."""


class BuildFailed(ProjectError):
    """A module does not compile; the message has Lean's first error.

    `places` are those of all of Lean's errors, as far as it gave any: module and line, from 0; `said` has the first
    error of each, in a line.
    """

    def __init__(
        self, message: str, remedy: str = "", *, places: tuple[tuple[str, int], ...] = (), said: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message, remedy)
        self.places, self.said = places, said


class SlotError(ProjectError):
    """A declaration has no slot in the source that a proof could fill."""


class LockError(ProjectError):
    """A locked statement is not what it was, or `statements.lock` cannot be read."""


class BlueprintError(ProverError):
    """The LaTeX plan cannot be read."""


class ToolchainError(ProverError):
    """There is no Lean that works."""


class ProvisionError(ToolchainError):
    """The embedded Lean could not be installed."""


class ToolchainBroken(ToolchainError):
    """A Lean is there and does not start."""


class LeanError(ProverError):
    """A running Lean failed us."""


class WorkerDied(LeanError):
    """The worker's process ended, or what it sent was not the protocol."""


class LeanCrashed(LeanError):
    """The compiler ended without a word of what is wrong with the source."""


class CheckTimeout(LeanError):
    """The worker gave no answer within the wall limit of the check."""


class ReplayFailed(LeanError):
    """The kernel could neither accept nor refuse a module: it ran out of something, or the module is damaged."""


class ResourceExhausted(LeanError):
    """A process used up what it may use; raised as such when that was memory."""


class ProcessTimeout(ResourceExhausted):
    """A process did not end within its wall limit, or used up its processor time; it and its group were killed."""


class ProcessFlooded(ResourceExhausted):
    """A process wrote more output, or a larger file, than it may; it and its group were killed."""


class OleanError(LeanError):
    """A compiled file is not what Lean writes."""


class Unhygienic(OleanError):
    """A compiled term has free or meta variables, a number below zero, or the like: no finished declaration has."""


class AgentError(ProverError):
    """An agent cannot go on."""


class AgentUnavailable(AgentError):
    """What the agent needs does not answer now; `after` are the seconds to wait before it is asked again.

    `free` says that nothing is charged for the call that failed. `tried` says that whoever raises this has waited and
    asked again already, so that it makes no sense to begin anew.
    """

    def __init__(
        self, message: str, remedy: str = "", *, after: float = 0.0, free: bool = False, tried: bool = False
    ) -> None:
        super().__init__(message, remedy)
        self.after, self.free, self.tried = after, free, tried


class AgentMisconfigured(AgentError):
    """The agent will not work until somebody acts; `remedy` says what is to be done."""


class AgentRefused(AgentError):
    """A server will not answer this request, and says so for good; nothing is charged for it."""


class BudgetSpent(AgentError):
    """What an agent asked for would be more than a budget allows. An agent lets it pass; its attempt ends.

    `later` says that there may be enough when what is held for others has been given back.
    """

    def __init__(self, message: str, remedy: str = "", *, later: bool = False) -> None:
        super().__init__(message, remedy)
        self.later = later


class Unsound(ProverError):
    """The judge called proved what cannot be: a false statement, or one together with its negation."""


class RepositoryError(ProverError):
    """git refused, or the folder is no git repository."""


class BranchMoved(RepositoryError):
    """The run's branch is not where the run left it; `at` is the commit that it is at now, empty when it is gone."""

    def __init__(self, message: str, remedy: str = "", *, at: str = "") -> None:
        super().__init__(message, remedy)
        self.at = at


class GitInterrupted(RepositoryError):
    """git was killed by a signal, or found a lock file of another git in its way; it may work the next time."""


class JournalError(ProverError):
    """The run's journal is torn, foreign or of another version."""


def unwrapped(group: ExceptionGroup[Exception]) -> Exception:
    """The first error of ours in what a TaskGroup raised; the group itself when something else is in it too."""
    ours, others = group.split(ProverError)
    if ours is None or others is not None:
        return group
    error: Exception = ours
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error
