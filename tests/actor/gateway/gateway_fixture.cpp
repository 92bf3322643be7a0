#include "tests/actor/gateway/gateway_fixture.hpp"

#include <stdexcept>

#include "config/dispatch_loader.hpp"
#include "config/token.hpp"

namespace switchboard::gateway_testing {

value text(std::string_view t) {
  codec::packer p;
  return {p.str(t).take()};
}
value number(std::int64_t n) {
  codec::packer p;
  return {p.integer(n).take()};
}
value flag(bool b) {
  codec::packer p;
  return {p.boolean(b).take()};
}
value bytes(std::string_view b) {
  codec::packer p;
  return {p.bin(b).take()};
}
value map(std::map<std::string, value> fields) {
  codec::packer p;
  p.map(static_cast<std::uint32_t>(fields.size()));
  for (auto& [name, v] : fields) p.str(name).raw(v.bytes);
  return {p.take()};
}
value list(const std::vector<value>& items) {
  codec::packer p;
  p.array(static_cast<std::uint32_t>(items.size()));
  for (auto& v : items) p.raw(v.bytes);
  return {p.take()};
}

template <class Handle> Handle a_gateway::played(const std::string& name) {
  auto who = system_->spawn([this, name](caf::event_based_actor* self) -> caf::behavior {
    self->set_default_handler([this, name](caf::scheduled_actor*, caf::message_view& x) {
      sent_.emplace_back(name, x.move_content_to_message());
      return caf::result<caf::message>(caf::make_message());
    });
    return {[](caf::unit_t) {}};
  });
  everybody_.push_back(who);
  return caf::actor_cast<Handle>(who);
}

a_gateway::a_gateway() {
  register_messages(system_config_);
  system_config_.set("scheduler.policy", caf::atom("testing"));
  system_.emplace(system_config_);
  config = loaded();
  directory.directories = {played<directory_actor>("directory")};
  directory.customers = {played<customer_directory_actor>("customers")};
  directory.archive = played<history_actor>("archive");
  directory.configuration = played<configuration_actor>("configuration");
  directory.catalog = played<catalog_actor>("catalog");
  directory.sessions.put(live(), played<session_actor>("session"));
  for (auto who : {"lin", "wei", "xu", "sun"})
    directory.put_agent(agent_id{who}, played<agent_actor>(who));
  directory.put_group(group_id{"general"}, played<group_actor>("general"));
  center_handles centers;
  centers.product = played<center_actor>("products");
  centers.trade = played<center_actor>("orders");
  centers.member = played<center_actor>("members");
  centers.tag = played<center_actor>("tags");
  services.emplace(gateway_services{connections,
                                    clock,
                                    directory,
                                    probes,
                                    centers,
                                    played<credit_actor>("credit"),
                                    nullptr,
                                    [this] { return config; },
                                    [](codec::packer& p, std::optional<millis>) { p.map(0); },
                                    "n1",
                                    {}});
  services->backup = [this](const std::string& dir, const reply_to& to) {
    backed_up = dir;
    to.ok(0, codec::empty_map());
  };
  services->gate = &gate;
  door.emplace(*services, false);
}

a_gateway::~a_gateway() {
  directory.clear();
  services.reset();
  for (auto& who : everybody_) caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
  everybody_.clear();
  dynamic_cast<caf::scheduler::test_coordinator&>(system_->scheduler()).run();
}

std::shared_ptr<const config::dispatch_config> a_gateway::loaded(const std::string& more) const {
  std::string yaml =
      "groups: [{id: general, name: General}]\nrules: [{name: all, steps: [{group: "
      "general}]}]\nchannels: [{id: app, kind: chat, language: en, token_sha256: " +
      config::sha256_hex("app") +
      "}]\nadmin_tokens: [{id: root, token_sha256: " + config::sha256_hex("root") + "}]\nagents:\n";
  for (auto& [who, role] : std::map<std::string, std::string>{
           {"lin", "agent"}, {"wei", "leader"}, {"xu", "supervisor"}, {"sun", "admin"}})
    yaml += "  - {id: " + who + ", name: " + who +
            ", groups: [general], capacity: 3, role: " + role +
            ", token_sha256: " + config::sha256_hex(who) + "}\n";
  yaml += "teams: [{id: shop, name: Shop, leaders: [wei], members: [lin]}]\n" + more;
  auto read = config::parse_dispatch(yaml, "d.yaml");
  if (!read) throw std::runtime_error(config::to_string(read.error()));
  return std::make_shared<const config::dispatch_config>(*std::move(read));
}

std::vector<std::pair<std::string, caf::message>> a_gateway::taken() {
  dynamic_cast<caf::scheduler::test_coordinator&>(system_->scheduler()).run();
  return std::exchange(sent_, {});
}

std::shared_ptr<kept_peer> a_gateway::connect(const std::string& role, const std::string& id) {
  auto peer = std::make_shared<kept_peer>();
  const auto said =
      call(peer, "hello",
           {{"role", text(role)}, {"id", text(id)}, {"token", text(id)}, {"protocol", number(1)}});
  EXPECT_FALSE(said.why) << said.refusal();
  return peer;
}

std::shared_ptr<kept_peer> a_gateway::connect(account_role role) {
  switch (role) {
    case account_role::customer:
      return connect("channel", "app");
    case account_role::agent:
      return connect("agent", "lin");
    case account_role::leader:
      return connect("agent", "wei");
    case account_role::supervisor:
      return connect("agent", "xu");
    case account_role::admin:
      return connect("agent", "sun");
    case account_role::console:
      break;
  }
  return connect("admin", "root");
}

outcome a_gateway::call(const std::shared_ptr<kept_peer>& by, std::string_view method,
                        const params& fields) {
  taken();
  by->packed.reset();
  by->why.reset();
  const auto packed = map(fields).bytes;
  const auto unpacked = codec::unpacked(packed);
  door->on_call(by, 1, method, unpacked.get());
  auto sent = taken();
  return {by->packed, by->why, std::move(sent)};
}

void a_gateway::notify(const std::shared_ptr<kept_peer>& by, std::string_view method,
                       const params& fields) {
  const auto packed = map(fields).bytes;
  const auto unpacked = codec::unpacked(packed);
  door->on_notify(by, method, unpacked.get());
}

}  // namespace switchboard::gateway_testing
