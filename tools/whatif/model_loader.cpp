#include "tools/whatif/model_loader.hpp"

#include <algorithm>
#include <fstream>

#include "config/dispatch_loader.hpp"
#include "config/time_of_day.hpp"
#include "tools/whatif/model_sections.hpp"

namespace switchboard::whatif {
namespace {

using config::yaml_map;
using config::yaml_value;

constexpr millis minute{60'000};
constexpr millis day = minute * (24 * 60);

std::string folder_of(const std::string& path) {
  const auto slash = path.find_last_of('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash + 1);
}

std::string file_of(const std::string& path) {
  return path.substr(path.find_last_of('/') + 1);
}

std::string in_folder(const std::string& folder, const std::string& path) {
  return path.starts_with('/') ? path : folder + path;
}

void read_time(yaml_map& top, deployment_model& out) {
  if (auto v = top.find("timezone"); v && v->text(out.timezone, 64)) {
    config::check_timezone(*v, out.timezone);
  }
  if (auto v = top.find("start")) {
    read_start(*v, out);
  } else {
    out.start = moment_at("2026-11-02", 0, out.timezone);
  }
  if (auto v = top.find("length")) v->duration(out.length, minute, 366 * day);
  if (auto v = top.find("warm_up")) {
    v->duration(out.warm_up, millis{0}, out.length - millis{1});
  }
  if (auto v = top.find("seed")) {
    int seed = 1;
    if (v->integer(seed, 0, 2'000'000'000)) out.seed = static_cast<std::uint64_t>(seed);
  }
}

/// The files a model names have their own errors, which come first.
struct reading {
  deployment_model out;
  config::error_list errors;
  config::config_errors elsewhere;
  std::string record;
};

void add(config::config_errors& to, config::config_errors from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

void read_dispatch(yaml_map& top, const std::string& folder, const config::dispatch_config* given,
                   reading& r) {
  const auto* v = given ? top.find("dispatch") : top.need("dispatch");
  std::string path;
  if (v) v->text(path, 1024);
  if (given) {
    r.out.dispatch = *given;
  } else if (!path.empty()) {
    auto loaded = config::load_dispatch(in_folder(folder, path));
    if (loaded) {
      r.out.dispatch = std::move(*loaded);
    } else {
      add(r.elsewhere, std::move(loaded.error()));
    }
  }
}

void read_all(const yaml_value& root, const std::string& folder,
              const config::dispatch_config* given, reading& r) {
  yaml_map top(root);
  read_dispatch(top, folder, given, r);
  const auto* requests = top.need("requests");
  read_time(top, r.out);
  std::map<std::string, std::string> like;
  const auto *hire = top.find("hire"), *staffing = top.find("staffing");
  const auto *habits = top.find("agents"), *recorded = top.find("recorded");
  // Without its dispatch file every name would be unknown.
  if (r.elsewhere.empty()) {
    if (hire) read_hires(*hire, r.out, like);
    if (requests) read_requests(*requests, r.out);
    if (habits) read_habits(*habits, r.out);
    r.out.hours.assign(r.out.dispatch.agents.size(), {});
    if (staffing) {
      read_staffing(*staffing, r.out, like);
    } else {
      for (auto& h : r.out.hours) h = {{0, 24 * 60}};
    }
  }
  if (recorded && recorded->text(r.record, 1024)) r.record = in_folder(folder, r.record);
  top.finish();
}

config::checked<deployment_model> compiled(reading r) {
  if (r.elsewhere.empty()) {
    auto rules = compile_routing(r.out.dispatch, 1);
    if (rules) {
      r.out.rules = std::move(*rules);
      return std::move(r.out);
    }
    add(r.elsewhere, std::move(rules.error()));
  }
  return tl::unexpected(std::move(r.elsewhere));
}

}  // namespace

config::checked<deployment_model> parse_model(std::string_view text, const std::string& file,
                                              const std::string& folder,
                                              const config::dispatch_config* dispatch) {
  reading r{.out = {}, .errors = config::error_list(file), .elsewhere = {}, .record = {}};
  r.out.name = file;
  // As with the dispatch file: should yaml-cpp throw all the same, that is an error of this file.
  try {
    if (auto root = config::parse_yaml(text, r.errors)) read_all(*root, folder, dispatch, r);
    if (r.errors.empty() && r.elsewhere.empty() && !r.record.empty()) {
      config::error_list lines(file_of(r.record));
      read_record(r.record, r.out, lines);
      if (!lines.empty()) add(r.elsewhere, lines.take());
    }
  } catch (const std::exception& e) {
    r.errors.add(0, {}, e.what());
  }
  if (!r.errors.empty()) add(r.elsewhere, r.errors.take());
  return compiled(std::move(r));
}

config::checked<deployment_model> load_model(const std::string& path) {
  config::error_list errors(file_of(path));
  auto text = config::read_file(path, errors);
  if (!text) return tl::unexpected(errors.take());
  return parse_model(*text, file_of(path), folder_of(path));
}

config::checked<deployment_model> with_dispatch(const deployment_model& model,
                                                const std::string& path) {
  auto loaded = config::load_dispatch(path);
  if (!loaded) return tl::unexpected(std::move(loaded.error()));
  reading r{
      .out = model, .errors = config::error_list(file_of(path)), .elsewhere = {}, .record = {}};
  r.out.name = file_of(path);
  r.out.dispatch = std::move(*loaded);
  r.out.hours.assign(r.out.dispatch.agents.size(), {{0, 24 * 60}});
  const auto& before = model.dispatch.agents;
  for (std::size_t i = 0; i < r.out.dispatch.agents.size(); ++i) {
    const auto at =
        std::ranges::find(before, r.out.dispatch.agents[i].id, &config::agent_config::id);
    if (at != before.end())
      r.out.hours[i] = model.hours[static_cast<std::size_t>(at - before.begin())];
  }
  return compiled(std::move(r));
}

bool is_dispatch_file(const std::string& path) {
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("groups:") || line.starts_with("rules:")) return true;
  }
  return false;
}

}  // namespace switchboard::whatif
