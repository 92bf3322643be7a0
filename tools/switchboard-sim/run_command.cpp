#include "tools/switchboard-sim/run_command.hpp"

#include <cstdio>
#include <fstream>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>

#include "tools/switchboard-sim/run_progress.hpp"
#include "tools/switchboardctl/envelope.hpp"
#include "tools/whatif/model_loader.hpp"
#include "tools/whatif/model_run.hpp"
#include "tools/whatif/result_text.hpp"

namespace switchboard::sim {
namespace {

using ctl::failure;
using ctl::outcome;
using whatif::deployment_model;
using whatif::run_result;
template <class T> using or_failure = tl::expected<T, failure>;

struct options {
  std::string first, second, chart;
  std::optional<std::uint64_t> seed;
  bool as_json = false;
};

void declare_shared(CLI::App& command, options& o) {
  command
      .add_option_function<std::string>(
          "-o,--output", [&o](const std::string& text) { o.as_json = text == "json"; },
          "table or json [table]")
      ->check(CLI::IsMember({"table", "json"}));
  command.add_option("--seed", o.seed, "Takes the place of the model's seed");
}

tl::unexpected<failure> invalid(const std::string& path, const config::config_errors& errors) {
  ctl::json details;
  for (auto& e : errors) details["errors"].push_back(config::to_string(e));
  auto count = std::to_string(errors.size()) + (errors.size() == 1 ? " error" : " errors");
  return tl::unexpected(failure{
      ctl::exit_code::failed, "invalid_argument", path + ": " + count, std::move(details), {}});
}

or_failure<deployment_model> read_model(const std::string& path, const options& o) {
  auto model = whatif::load_model(path);
  if (!model) return invalid(path, model.error());
  if (o.seed) model->seed = *o.seed;
  return std::move(*model);
}

or_failure<run_result> play(const deployment_model& model) {
  run_progress progress(model.name);
  whatif::run_options how;
  how.progress = [&](double share, std::uint64_t n) { progress.at(share, n); };
  try {
    auto result = whatif::run_model(model, how);
    progress.done(result.simulated);
    return result;
  } catch (const whatif::too_many_sessions& e) {
    return tl::unexpected(failure{ctl::exit_code::failed, "resource_exhausted", e.what(), {}, {}});
  }
}

outcome run(const options& o) {
  auto model = read_model(o.first, o);
  if (!model) return tl::unexpected(model.error());
  auto result = play(*model);
  if (!result) return tl::unexpected(result.error());
  if (!o.chart.empty()) {
    std::ofstream out(o.chart, std::ios::binary);
    out << whatif::result_chart(*result);
    if (!out.flush()) {
      return tl::unexpected(failure{ctl::exit_code::usage,
                                    "invalid_argument",
                                    "--svg: " + o.chart + " cannot be written",
                                    {},
                                    {}});
    }
  }
  return ctl::report{whatif::result_json(*result), whatif::result_text(*result)};
}

/// What B changes, on the arrivals of A: the requests, their rates and their seed are A's.
or_failure<deployment_model> second_model(const deployment_model& a, const options& o) {
  if (whatif::is_dispatch_file(o.second)) {
    auto model = whatif::with_dispatch(a, o.second);
    if (!model) return invalid(o.second, model.error());
    return std::move(*model);
  }
  auto b = read_model(o.second, o);
  if (!b) return tl::unexpected(b.error());
  b->requests = a.requests;
  b->recorded = a.recorded;
  b->seed = a.seed;
  b->start = a.start;
  b->start_minute = a.start_minute;
  b->timezone = a.timezone;
  b->length = a.length;
  b->warm_up = a.warm_up;
  return std::move(*b);
}

outcome compare(const options& o) {
  auto a = read_model(o.first, o);
  if (!a) return tl::unexpected(a.error());
  auto b = second_model(*a, o);
  if (!b) return tl::unexpected(b.error());
  auto of_a = play(*a);
  if (!of_a) return tl::unexpected(of_a.error());
  auto of_b = play(*b);
  if (!of_b) return tl::unexpected(of_b.error());
  return ctl::report{whatif::comparison_json(*of_a, *of_b), whatif::comparison_text(*of_a, *of_b)};
}

int finish(const outcome& what, bool as_json) {
  if (as_json) {
    std::fputs(ctl::envelope(what).c_str(), stdout);
  } else if (what) {
    std::fputs(what->text.c_str(), stdout);
  } else {
    std::fputs(ctl::failure_text(what.error(), "switchboard-sim").c_str(), stderr);
  }
  return static_cast<int>(what ? ctl::exit_code::ok : what.error().exit);
}

}  // namespace

void add_run(CLI::App& app, int& exit_code) {
  auto o = std::make_shared<options>();
  auto* run_it =
      app.add_subcommand("run", "Plays a what-if model: waits, service level, occupancy");
  run_it->add_option("MODEL", o->first, "The model, a YAML file (docs/whatif.md)")->required();
  declare_shared(*run_it, *o);
  run_it->add_option("--svg", o->chart, "Writes a chart: queues and waits over time");
  run_it->callback([o, &exit_code] { exit_code = finish(run(*o), o->as_json); });
}

void add_compare(CLI::App& app, int& exit_code) {
  auto o = std::make_shared<options>();
  auto* compare_them =
      app.add_subcommand("compare", "Two configurations side by side on the same arrivals");
  compare_them->add_option("A", o->first, "A model")->required();
  compare_them->add_option("B", o->second, "A model, or a dispatch file for A's")->required();
  declare_shared(*compare_them, *o);
  compare_them->callback([o, &exit_code] { exit_code = finish(compare(*o), o->as_json); });
}

}  // namespace switchboard::sim
