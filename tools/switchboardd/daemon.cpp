#include "tools/switchboardd/daemon.hpp"

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>
#include <unistd.h>

#include <caf/all.hpp>
#include <nlohmann/json.hpp>

#include "actors/configuration/configuration_projection.hpp"
#include "actors/messages/registration.hpp"
#include "actors/mining/mining_rules.hpp"
#include "adapters/attachment/attachment_service.hpp"
#include "adapters/center/embedded_centers.hpp"
#include "adapters/channel/feed/journal_feed.hpp"
#include "adapters/channel/gateway/gateway.hpp"
#include "adapters/channel/transport/tcp_server.hpp"
#include "adapters/customer_jobs/customer_jobs.hpp"
#include "adapters/password/password_verifier.hpp"
#include "adapters/web/health_pages.hpp"
#include "adapters/web/web_server.hpp"
#include "config/dispatch_loader.hpp"
#include "config/option_table.hpp"
#include "runtime/codec/pack.hpp"
#include "runtime/hosting/wall_clock.hpp"
#include "runtime/hosting/worker_activity.hpp"
#include "runtime/hosting/worker_pool.hpp"
#include "runtime/log/log.hpp"
#include "runtime/metrics/metrics_collection.hpp"
#include "runtime/store/map_guard.hpp"
#include "runtime/store/private_files.hpp"
#include "tools/node/node.hpp"
#include "tools/switchboardd/daemon_report.hpp"
#include "tools/switchboardd/daemon_store.hpp"
#include "tools/switchboardd/reload_outcome.hpp"
#include "tools/switchboardd/service_manager.hpp"
#include "tools/switchboardd/signals.hpp"
#include "tools/switchboardd/store_backup.hpp"

namespace switchboard {
namespace {

struct actor_config : caf::actor_system_config {
  explicit actor_config(int threads) {
    register_messages(*this);
    load<worker_pool>();
    set("scheduler.max-threads", static_cast<std::size_t>(threads));
    set("scheduler.max-throughput", std::size_t{300});
  }
};

std::string set_aside_centers(const std::string& dir) {
  return dir + "/data.mdb.damaged";
}

/// Embedded centers that cannot be read are put aside: customers are served without what they knew,
/// and it is said.
result<std::unique_ptr<center::embedded_centers>> open_centers(const std::string& dir) {
  auto told = [](std::string_view kind, std::size_t records) {
    log::info("center_indexed_anew", {{"center", log::technical{kind}}, {"records", records}});
  };
  auto opened = center::embedded_centers::open({.dir = dir, .on_renewal = told});
  if (opened || opened.error().detail_name != "page") return opened;
  const auto file = dir + "/data.mdb", aside = set_aside_centers(dir);
  std::error_code ec;
  std::filesystem::rename(file, aside, ec);
  if (ec) return opened;
  log::error("centers_damaged",
             {{"why", log::technical{opened.error().message}}, {"lies_in", log::technical{aside}}});
  std::fprintf(stderr,
               "switchboardd: %s: it lies in %s now, and the embedded centers are empty: import "
               "again, or restore a backup\n",
               opened.error().message.c_str(), aside.c_str());
  return center::embedded_centers::open({.dir = dir, .on_renewal = told});
}

/// The parts of a running daemon, declared in the order in which they start; they end in the
/// opposite one.
class daemon {
 public:
  explicit daemon(const daemon_plan& plan)
      : plan_(plan), running_(plan.options), started_(clock_.now()), store_(plan.options, clock_) {
    if (plan.dispatch) store_.keep_keys_for(plan.dispatch->session.closed_key_retention);
  }

  result<void> start();
  void drain();
  /// Reads options and dispatch file again.
  void reload();
  /// Every second.
  void look_after();
  nlohmann::json ready() const;

 private:
  void start_pages();
  web::readiness readiness() const;
  void start_customer_jobs();
  void reload_options();
  void reload_dispatch();
  std::uint64_t alive() const;
  /// Once all of them are there.
  reported_parts reported() const {
    return {plan_.options.node, started_,      clock_,   store_,   *node_,
            *centers_,          *attachments_, *server_, *outputs_};
  }

  const daemon_plan& plan_;
  /// `plan_.options` with what reloads have changed; the main thread's.
  config::daemon_options running_;
  wall_clock clock_;
  timestamp started_;
  daemon_store store_;
  std::shared_ptr<const center::embedded_centers> embedded_;
  std::shared_ptr<center::http_center_client> centers_;
  std::unique_ptr<attachment::attachment_service> attachments_;
  std::unique_ptr<store_backup> backup_;
  std::unique_ptr<actor_config> actor_config_;
  std::unique_ptr<caf::actor_system> system_;
  std::unique_ptr<worker_activity> activity_;
  connection_index connections_;
  std::unique_ptr<node> node_;
  std::unique_ptr<channel_feed_services> feed_services_;
  std::unique_ptr<journal_feed> feed_;
  std::unique_ptr<customer_jobs_services> work_services_;
  std::unique_ptr<customer_jobs> work_;
  std::unique_ptr<password::password_verifier> passwords_;
  std::unique_ptr<gateway_services> door_services_;
  std::unique_ptr<gateway> door_, control_door_;
  std::shared_ptr<channel::output_budget> outputs_;
  std::unique_ptr<channel::tcp_server> server_, control_;
  metrics::collection metrics_;
  /// The store is open, and all that stands on it.
  std::atomic<bool> serving_{false};
  std::unique_ptr<web::side_worker> pages_worker_;
  std::unique_ptr<web::web_server> pages_;
};

result<void> daemon::start() {
  auto& o = plan_.options;
  // Before anything is written: whoever finds an address taken leaves no trace.
  auto address = channel::bound_address::open(transport_of(o));
  if (!address) return tl::unexpected(address.error());
  // The control socket may lie there.
  if (auto ok = store::make_private_directory(o.data_dir); !ok) return ok;
  auto control_address = channel::bound_address::open(control_transport_of(o));
  if (!control_address) return tl::unexpected(control_address.error());

  start_pages();
  // For what follows needs the disk that unfinished uploads may have filled.
  attachment::attachment_store::clear_unfinished(files_of(o));
  if (auto ok = store_.open(); !ok) return ok;
  auto world = recovery::load(store_->state(), store_->journal());
  if (!world) return tl::unexpected(world.error());
  log::info("store_recovered",
            {{"live_sessions", world->sessions.size()}, {"position", world->upto}});

  const configuration_past past{
      world->version, world->configuration.file_hash, world->accounts, [this](int version) {
        return configuration_table::find_version(*store_->state().lenient_view(), version);
      }};
  auto begin = choose_start(plan_.dispatch_text, plan_.dispatch_name, past, clock_.wall(),
                            config::folder_of(o.dispatch));
  if (!begin) return fail(errc::invalid_argument, config::to_string(begin.error()));
  log::info("configuration", {{"version", begin->use.version.version}, {"fresh", begin->fresh}});
  if (!begin->remark.empty()) std::fprintf(stderr, "switchboardd: %s\n", begin->remark.c_str());

  auto embedded = open_centers(o.centers.dir);
  if (!embedded) return tl::unexpected(embedded.error());
  embedded_ = std::move(*embedded);
  auto centers = center::open_http_center_client(
      plan_.centers, center::immediate_center_client(embedded_), clock_, std::random_device{}());
  if (!centers) return tl::unexpected(centers.error());
  centers_ = std::move(*centers);

  auto files = attachment::attachment_store::open(files_of(o), uploads_of(o));
  if (!files) return tl::unexpected(files.error());
  attachments_ = std::make_unique<attachment::attachment_service>(std::move(*files),
                                                                  store_->journal(), clock_);

  backup_ = std::make_unique<store_backup>(backup_sources{
      *store_,
      *attachments_,
      *embedded_,
      clock_,
      o.node,
      {attachment::attachment_store::set_aside(files_of(o)), set_aside_centers(o.centers.dir)}});

  actor_config_ = std::make_unique<actor_config>(std::max(1, o.workers.actor_threads));
  system_ = std::make_unique<caf::actor_system>(*actor_config_);
  activity_ = std::make_unique<worker_activity>(dynamic_cast<worker_pool&>(system_->scheduler()));
  node_options n;
  n.directories = static_cast<unsigned>(std::max(1, o.workers.directories));
  n.routers = static_cast<unsigned>(std::max(1, o.workers.routers));
  n.identifiers = static_cast<unsigned>(std::max(1, o.workers.identifiers));
  n.agent.zone = o.timezone;
  n.credit = {o.centers.credit_every, o.centers.credit_within};
  n.attachments = attachments_.get();
  n.configured = [this](const config::dispatch_config& c) {
    store_.keep_keys_for(c.session.closed_key_retention);
    connections_.review(c, clock_.wall());
  };
  n.dispatch_folder = config::folder_of(o.dispatch);
  n.secret = codec::secret_of(store_->id());
  n.gate = &store_->gate();
  n.seed = std::random_device{}() | static_cast<std::uint64_t>(std::random_device{}()) << 32;
  node_ = std::make_unique<node>(*system_, store_->journal(), store_->state(), clock_, centers_,
                                 std::move(*begin), n);
  node_->start(std::move(*world));
  store_->count_alive_by([this] { return alive(); });
  store_.forget_files_by([this](const std::vector<std::string>& sessions) {
    return attachments_->forget(sessions).has_value();
  });

  feed_services_ = std::make_unique<channel_feed_services>(
      channel_feed_services{store_->journal(), store_->state(), clock_, node_->probes()});
  feed_ = std::make_unique<journal_feed>(*system_, *feed_services_);
  if (auto ok = feed_->start(); !ok) return ok;

  start_customer_jobs();
  passwords_ = std::make_unique<password::password_verifier>();
  door_services_ = std::make_unique<gateway_services>(gateway_services{
      connections_,
      clock_,
      node_->directory(),
      node_->probes(),
      node_->centers(),
      node_->credit(),
      feed_.get(),
      [this] { return node_->config(); },
      [this](codec::packer& p, std::optional<millis> wait) { pack_status(p, reported(), wait); },
      o.node,
      [this] { return node_->reception(); },
      attachments_.get(),
      &node_->blocks(),
      &store_->state(),
      work_.get(),
      [this](const std::string& dir, const reply_to& to) { backup_->begin(dir, to); },
      passwords_.get(),
      n.secret,
      &store_->gate(),
      activity_.get()});
  door_ = std::make_unique<gateway>(*door_services_, false);
  outputs_ = std::make_shared<channel::output_budget>(outputs_of(o));
  server_ = std::make_unique<channel::tcp_server>(transport_of(o), store_->journal(), *door_,
                                                  outputs_, &store_->gate());
  server_->start(std::move(*address));
  control_door_ = std::make_unique<gateway>(*door_services_, true);
  control_ = std::make_unique<channel::tcp_server>(control_transport_of(o), store_->journal(),
                                                   *control_door_, outputs_, &store_->gate());
  control_->start(std::move(*control_address));
  metrics_.add([this](metrics::page& page) { collect_metrics(page, reported()); });
  serving_ = true;
  log::info("daemon_started", {{"port", server_->port()},
                               {"groups", node_->config()->groups.size()},
                               {"agents", node_->config()->agents.size()}});
  return {};
}

/// /healthz, /readyz and /metrics, from the first moment: reading a long journal is no death.
void daemon::start_pages() {
  auto& o = plan_.options;
  if (!o.metrics.enabled) return;
  pages_worker_ = std::make_unique<web::side_worker>();
  web::router routes;
  web::add_health_pages(routes, *pages_worker_, metrics_, [this] { return readiness(); });
  pages_ = std::make_unique<web::web_server>(pages_of(o), std::move(routes));
  // Customers are served all the same.
  if (auto ok = pages_->start(); !ok) {
    log::error("metrics_unavailable",
               {{"port", o.metrics.port}, {"why", log::technical{ok.error().message}}});
  }
}

/// On the pages' thread.
web::readiness daemon::readiness() const {
  if (!serving_) return {false, "starting: journal and state are being read"};
  auto a = store_.takes_work();
  return {a.open, a.reason};
}

void daemon::start_customer_jobs() {
  work_services_ = std::make_unique<customer_jobs_services>(customer_jobs_services{
      store_->journal(), store_->state(), clock_, node_->directory(), node_->catalog(),
      [this] { return node_->config(); },
      [this](store::position at, millis patience) { return store_->wait_projected(at, patience); },
      [this](const record_editor& edit) { return store_->rewrite(edit); },
      [this](const std::vector<std::string>& sessions) { return attachments_->forget(sessions); },
      [this] { store_.want_compaction(); }, [this] { return node_->random(); }});
  work_ = std::make_unique<customer_jobs>(*work_services_);
  work_->start();
}

/// Nothing new comes in, what is under way becomes durable and leaves, then the actors end.
void daemon::drain() {
  log::info("daemon_drained", {{"uptime_ms", (clock_.now() - started_).count()}});
  if (pages_) pages_->stop();
  if (pages_worker_) pages_worker_->stop();
  if (control_) control_->stop();
  if (server_) server_->stop();
  // Whoever asked for it is gone; the copy is finished all the same, for it stands on what is
  // stopped below.
  if (backup_) backup_->stop();
  if (passwords_) passwords_->stop();
  if (feed_) feed_->stop();
  if (store_) {
    store_.forget_files_by({});
    store_->count_alive_by({});
  }
  if (attachments_) attachments_->stop();
  if (work_) work_->stop();
  if (node_) node_->stop();
  // What still comes from a center has nobody to go to.
  if (centers_) centers_->stop();
  control_.reset();
  server_.reset();
  passwords_.reset();
  feed_.reset();
  node_.reset();
  activity_.reset();
  system_.reset();
  backup_.reset();
  attachments_.reset();
  if (store_) store_->stop();
}

void daemon::reload() {
  log::reopen();
  reload_options();
  reload_dispatch();
}

/// What is wrong in the file changes no option. What needs a restart is said each time, until there
/// was one.
void daemon::reload_options() {
  auto read = read_options(plan_.options_file, plan_.settings);
  if (!read) {
    log::error("options_not_reloaded", {{"errors", read.error().size()}});
    std::fprintf(stderr, "switchboardd: no option is changed:\n%s",
                 config::to_string(read.error()).c_str());
    return;
  }
  auto change = config::take_up(running_, *read);
  running_ = std::move(change.running);
  log::set_level(running_.log.level);
  outputs_->take(outputs_of(running_));
  server_->take_limits(transport_of(running_));
  control_->take_limits(control_transport_of(running_));
  store_.take_options(running_);
  auto keys = [](const std::vector<const config::option*>& options) {
    std::string out;
    for (auto* o : options) out += (out.empty() ? "" : ",") + std::string(o->key);
    return out;
  };
  if (!change.taken.empty())
    log::info("options_reloaded", {{"options", log::technical{keys(change.taken)}}});
  if (!change.waiting.empty())
    log::warn("options_need_restart", {{"options", log::technical{keys(change.waiting)}}});
}

void daemon::reload_dispatch() {
  auto& path = running_.dispatch;
  auto text = text_of(path);
  if (!text) {
    log::error("dispatch_not_reloaded", {{"errors", 1}});
    return;
  }
  node_->look_for_files_in(config::folder_of(path));
  configuration_call m;
  m.method = configuration_method::reload;
  m.by = {"system", "file", ""};
  m.text = std::move(*text);
  m.file = name_of(path);
  m.comment = "SIGHUP";
  m.reply = {std::make_shared<reload_outcome>(), 0};
  caf::anon_send(node_->directory().configuration, std::move(m));
}

void daemon::look_after() {
  connections_.end_due(clock_.wall());
  // Silence is what the service manager acts on.
  if (service_manager_watches() && dynamic_cast<worker_pool&>(system_->scheduler()).got_on())
    tell_service_manager("WATCHDOG=1");
}

nlohmann::json daemon::ready() const {
  return {{"node", plan_.options.node},
          {"channel", {{"address", plan_.options.channel.address}, {"port", server_->port()}}},
          {"control", plan_.options.control_socket},
          {"metrics",
           {{"address", plan_.options.metrics.address}, {"port", pages_ ? pages_->port() : 0}}},
          {"pid", getpid()}};
}

/// Sessions and agents, which end by themselves.
std::uint64_t daemon::alive() const {
  auto& c = node_->counters();
  std::uint64_t n = node_->config()->agents.size();
  for (auto phase = 0; !is_over(static_cast<session_phase>(phase)); ++phase) {
    n += static_cast<std::uint64_t>(std::max<std::int64_t>(0, c.in_phase[phase]));
  }
  return n;
}

}  // namespace

int serve(const daemon_plan& plan) {
  // A file may name accounts that only the store knows; where there is none, it is wrong now.
  if (!plan.dispatch && !std::filesystem::exists(store_folder_of(plan.options))) {
    std::fprintf(stderr, "%s", config::to_string(plan.dispatch_errors).c_str());
    return 1;
  }
  auto& l = plan.options.log;
  if (auto ok = log::start({l.level, l.format, l.file}); !ok) {
    std::fprintf(stderr, "switchboardd: %s\n", ok.error().message.c_str());
    return 1;
  }
  store::name_failed_reads();
  daemon d(plan);
  if (auto ok = d.start(); !ok) {
    std::fprintf(stderr, "switchboardd: %s\n", ok.error().message.c_str());
    d.drain();
    log::stop();
    return 1;
  }
  std::printf("ready %s\n", d.ready().dump().c_str());
  std::fflush(stdout);
  if (plan.welcome) {
    const auto clients = d.ready()["channel"];
    const auto where = clients["address"].get<std::string>() + ':' + clients["port"].dump();
    std::fputs(plan.welcome(where).c_str(), stderr);
  }
  tell_service_manager("READY=1");
  constexpr millis a_second{1'000};
  for (auto signal = next_signal(a_second); signal == 0 || signal == SIGHUP;
       signal = next_signal(a_second)) {
    if (signal == SIGHUP) {
      tell_service_manager_of_reload();
      d.reload();
      tell_service_manager("READY=1");
    }
    d.look_after();
  }
  tell_service_manager("STOPPING=1");
  d.drain();
  log::stop();
  return 0;
}

}  // namespace switchboard
