#pragma once

namespace CLI {
class App;
}

namespace switchboard::sim {

/// `verify`: seeded runs of the whole daemon with faults, every invariant checked all the while
/// (docs/architecture.md). The exit code is 0 where all held, 1 where one did not.
void add_verify(CLI::App& app, int& exit_code);

}  // namespace switchboard::sim
