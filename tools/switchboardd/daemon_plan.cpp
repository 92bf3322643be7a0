#include "tools/switchboardd/daemon_plan.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "actors/configuration/loaded_configuration.hpp"
#include "actors/read_model/projection/row_sources.hpp"
#include "actors/read_model/projection/state_keys.hpp"
#include "actors/read_model/projection/state_layouts.hpp"
#include "adapters/center_http/http_plan.hpp"
#include "config/dispatch_loader.hpp"
#include "config/options_loader.hpp"
#include "config/time_of_day.hpp"
#include "runtime/cel/time_zone.hpp"
#include "runtime/log/log.hpp"

namespace switchboard {

channel::transport_options transport_of(const config::daemon_options& o) {
  channel::transport_options t;
  t.address = o.channel.address;
  t.port = static_cast<std::uint16_t>(o.channel.port);
  t.io_threads = static_cast<unsigned>(o.workers.io_threads);
  t.certificate_file = o.tls.cert;
  t.private_key_file = o.tls.key;
  t.allow_plain = o.allow_plain;
  t.limits.message_bytes = static_cast<std::size_t>(o.limits.message_bytes);
  t.limits.depth = static_cast<std::size_t>(o.limits.depth);
  t.window = static_cast<std::size_t>(o.limits.window);
  t.node_in_flight = static_cast<std::size_t>(o.limits.node_in_flight);
  t.output_bytes = static_cast<std::size_t>(o.limits.queued_bytes_per_reader);
  t.connections = static_cast<std::size_t>(o.limits.connections);
  t.connections_per_address = static_cast<std::size_t>(o.limits.per_address);
  t.hello_deadline = o.deadlines.hello;
  t.frame_deadline = o.deadlines.frame;
  t.idle_deadline = o.deadlines.idle;
  t.call_deadline = o.deadlines.call;
  return t;
}

channel::output_budget::limits outputs_of(const config::daemon_options& o) {
  return {static_cast<std::size_t>(o.limits.queued_bytes_per_token),
          static_cast<std::size_t>(o.limits.queued_bytes)};
}

channel::transport_options control_transport_of(const config::daemon_options& o) {
  auto local = transport_of(o);
  local.unix_path = o.control_socket;
  local.certificate_file.clear();
  local.private_key_file.clear();
  // Whole configurations come this way.
  constexpr std::size_t whole_configuration = 16u << 20;
  local.limits.message_bytes = std::max(local.limits.message_bytes, whole_configuration);
  local.output_bytes = std::max(local.output_bytes, 2 * whole_configuration);
  // A backup is answered when it is done; whoever asks for less has a patience of their own.
  local.call_deadline = std::max(local.call_deadline, millis{3'600'000});
  return local;
}

double map_share_of(const config::daemon_options& o) {
  return o.journal.admission_percent / 100.0;
}

attachment::upload_limits uploads_of(const config::daemon_options& o) {
  attachment::upload_limits u;
  u.in_all = static_cast<std::size_t>(o.limits.uploads);
  u.of_one = static_cast<std::size_t>(o.limits.uploads_per_token);
  u.disk_free = static_cast<std::uint64_t>(o.limits.upload_disk_free);
  u.first_piece_within = o.deadlines.upload_first_piece;
  u.piece_within = o.deadlines.upload_piece;
  u.upload_within = o.deadlines.upload;
  return u;
}

web::web_options pages_of(const config::daemon_options& o) {
  web::web_options w;
  w.address = o.metrics.address;
  w.port = static_cast<std::uint16_t>(o.metrics.port);
  w.connections = static_cast<std::size_t>(o.metrics.connections);
  w.connections_per_address = static_cast<std::size_t>(o.metrics.per_address);
  w.read_deadline = w.write_deadline = o.deadlines.http;
  return w;
}

std::string files_of(const config::daemon_options& o) {
  return o.data_dir + "/attachments";
}

std::string store_folder_of(const config::daemon_options& o) {
  return o.data_dir + "/store";
}

namespace {

/// What the store tells an operator.
void note_in_log(std::string_view event, std::string_view words) {
  const bool bad =
      event.ends_with("_full") || event.ends_with("_damaged") || event.ends_with("_lost");
  log::write(bad ? log::level::error : log::level::info, event, {{"what", log::technical{words}}});
}

}  // namespace

store::store_options store_of(const config::daemon_options& o, const clock_source& clock) {
  store::store_options s;
  s.state_layout = projecting::state_layout;
  s.dir = store_folder_of(o);
  s.journal_map_bytes = static_cast<std::size_t>(o.journal.map_size);
  s.state_map_bytes = static_cast<std::size_t>(o.state.map_size);
  s.retention = o.journal.retention;
  s.commit_gap = o.journal.commit_gap;
  s.limits.map_used = map_share_of(o);
  s.clock = &clock;
  s.layout_steps = projecting::layout_steps();
  s.mending = projecting::row_sources();
  s.on_notice = note_in_log;
  return s;
}

std::optional<std::string> text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  if (!in || !(out << in.rdbuf())) return std::nullopt;
  return out.str();
}

std::string name_of(const std::string& path) {
  return path.substr(path.find_last_of('/') + 1);
}

config::checked<config::daemon_options> read_options(const std::string& file,
                                                     const std::vector<std::string>& settings) {
  auto options = config::load_options(file);
  if (!options) return options;
  for (auto& s : settings) {
    if (auto wrong = config::set_option(*options, s); !wrong.empty()) {
      return tl::unexpected(config::config_errors{{"--set", 0, s, wrong}});
    }
  }
  if (auto wrong = config::contradictions(*options, file); !wrong.empty())
    return tl::unexpected(wrong);
  return options;
}

config::checked<daemon_plan> load_plan(const std::string& options_file,
                                       const std::vector<std::string>& settings) {
  auto options = read_options(options_file, settings);
  if (!options) return tl::unexpected(options.error());
  daemon_plan plan{options_file, settings, std::move(*options), {}, {}, {}, {}, {}};
  if (!cel::civil_day_in({}, plan.options.timezone)) {
    return tl::unexpected(config::config_errors{
        {name_of(options_file), 0, "timezone", config::unknown_zone(plan.options.timezone)}});
  }
  auto centers = center::plan_http_centers(plan.options);
  if (!centers) return tl::unexpected(centers.error());
  plan.centers = std::move(*centers);
  auto& path = plan.options.dispatch;
  auto text = text_of(path);
  if (!text) return tl::unexpected(config::load_dispatch(path).error());
  config_version v;
  v.version = 1;
  v.file = plan.dispatch_name = name_of(path);
  v.text = plan.dispatch_text = std::move(*text);
  auto loaded = load_configuration(std::move(v), config::folder_of(path));
  if (loaded) {
    plan.dispatch = loaded->dispatch;
  } else {
    plan.dispatch_errors = loaded.error();
  }
  return plan;
}

}  // namespace switchboard
