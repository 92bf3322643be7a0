#pragma once

namespace CLI {
class App;
}

namespace switchboard::sim {

/// `run MODEL`: a what-if model played to its end; waits, service level, abandonment, occupancy and
/// fairness as tables or JSON, and as a chart. The exit code is 0 where it ran, 1 where the model
/// has errors, 2 where the chart cannot be written.
void add_run(CLI::App& app, int& exit_code);

/// `compare A B`: two configurations on the same arrivals. B is a model, or a dispatch file that
/// takes the place of A's.
void add_compare(CLI::App& app, int& exit_code);

}  // namespace switchboard::sim
