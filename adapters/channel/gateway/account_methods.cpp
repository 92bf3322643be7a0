#include <algorithm>

#include <msgpack.hpp>

#include "actors/configuration/configuration_parts.hpp"
#include "adapters/channel/gateway/gateway.hpp"
#include "adapters/channel/gateway/yaml_fields.hpp"
#include "adapters/password/password_hash.hpp"
#include "adapters/password/password_verifier.hpp"
#include "config/token.hpp"
#include "runtime/base/wall_time.hpp"
#include "runtime/codec/pack.hpp"
#include "runtime/hosting/unless_known.hpp"

/// Accounts and skill groups changed while the daemon runs: orders to the owner of the
/// configuration, each of which becomes one version.
namespace switchboard {

using codec::packer;

namespace {

constexpr std::int64_t most_versions = 1'000'000'000;
constexpr std::int64_t hour_ms = 3'600'000;

/// An answer with a token, which its maker must not know: it holds what was sealed here, and a
/// repetition's what was sealed then.
class opened_answer final : public outbox {
 public:
  opened_answer(reply_to to, std::string op_id, std::string token)
      : to_(std::move(to)), op_id_(std::move(op_id)), token_(std::move(token)) {}

  void reply(std::uint32_t, store::position after, std::string packed) override {
    to_.ok(after, opened(packed, token_));
  }
  void reply_again(std::uint32_t, store::position after, std::string packed) override {
    to_.again(after, opened(packed, {}));
  }
  void fail(std::uint32_t, store::position after, const error& why) override {
    to_.fail(after, why);
  }
  void notify(store::position, std::string) override {}
  std::uint64_t id() const override { return 0; }
  bool open() const override { return to_.out && to_.out->open(); }

 private:
  /// The map's pairs with the token in the place of what is sealed.
  std::string opened(const std::string& packed, std::string token) const {
    codec::packer rest;
    std::uint32_t pairs = 0;
    auto answer = msgpack::unpack(packed.data(), packed.size());
    auto& map = answer.get().via.map;
    for (std::uint32_t i = 0; i < map.size; ++i) {
      auto& [key, value] = map.ptr[i];
      if (std::string_view(key.via.str.ptr, key.via.str.size) == "sealed") {
        if (token.empty())
          token = password::unsealed({value.via.bin.ptr, value.via.bin.size}, op_id_);
        continue;
      }
      rest.raw(codec::packed(key)).raw(codec::packed(value));
      ++pairs;
    }
    codec::packer p;
    p.map(pairs + 1).raw(rest.view());
    field(p, "token", token);
    return p.take();
  }

  reply_to to_;
  std::string op_id_, token_;
};

void pack_account(packer& p, const config::agent_config& a, bool disabled) {
  p.map(10);
  field(p, "id", a.id.value);
  field(p, "name", a.name);
  field(p, "role", a.role);
  field(p, "team", a.team);
  p.str("groups").array(static_cast<std::uint32_t>(a.groups.size()));
  for (auto& g : a.groups) p.str(g.value);
  p.str("skills").map(static_cast<std::uint32_t>(a.skills.size()));
  for (auto& [skill, level] : a.skills) field(p, skill, static_cast<std::int64_t>(level));
  field(p, "capacity", static_cast<std::int64_t>(a.capacity));
  p.str("disabled").boolean(disabled);
  p.str("token").boolean(!a.token_sha256.empty());
  p.str("password").boolean(!a.password_hash.empty());
}

}  // namespace

configuration_call gateway::order_params(call& c, configuration_order what) {
  configuration_call m;
  m.method = configuration_method::order;
  m.order = what;
  m.id = c.p.text(what == configuration_order::group_merge ? "from" : "id", 64);
  m.comment = c.p.text_or_empty("why", 256);
  m.expected =
      static_cast<int>(c.p.maybe_integer("expected_version", 1, most_versions).value_or(0));
  return m;
}

template <configuration_order What> void gateway::order(call& c) {
  using o = configuration_order;
  auto m = order_params(c, What);
  constexpr bool has_fields = What == o::account_create || What == o::account_update ||
                              What == o::group_create || What == o::group_update;
  if constexpr (has_fields) m.text = gateway_reading::yaml_fields(c.p, "fields");
  if constexpr (What == o::group_merge) m.into = c.p.text("into", 64);
  if constexpr (What == o::group_retire) m.into = c.p.text_or_empty("into", 64);
  to_configuration(c, std::move(m));
}
template void gateway::order<configuration_order::account_create>(call&);
template void gateway::order<configuration_order::account_update>(call&);
template void gateway::order<configuration_order::account_disable>(call&);
template void gateway::order<configuration_order::account_enable>(call&);
template void gateway::order<configuration_order::group_create>(call&);
template void gateway::order<configuration_order::group_update>(call&);
template void gateway::order<configuration_order::group_merge>(call&);
template void gateway::order<configuration_order::group_retire>(call&);

namespace {

std::optional<bool> ends_connections(codec::params& p) {
  if (!p.find("end_connections")) return {};
  return p.boolean_or("end_connections", false);
}

}  // namespace

/// Without a word each connection ends with what it was let in by; true: all of the account end;
/// false: none.
reply_to gateway::answer_ending_connections(call& c, const std::string& account,
                                            const std::optional<bool>& ends) {
  std::function<void()> done;
  if (ends.value_or(false)) {
    done = [book = &services_.connections, account] { book->end_account(account); };
  }
  return configuration_answer(c, std::move(done));
}

void gateway::account_set_password(call& c) {
  auto m = order_params(c, configuration_order::account_password);
  auto secret = c.p.text("password", password::most_length);
  if (c.p.ok() && secret.size() < password::least_length)
    c.p.reject("password",
               "expected at least " + std::to_string(password::least_length) + " bytes");
  const auto ends = m.ends_connections = ends_connections(c.p);
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  m.by = {"admin", c.by.id, c.by.name};
  m.reply = answer_ending_connections(c, m.id, ends);
  // With a key the same password has the same hash, so that a repetition can be told from another
  // password.
  const auto salt = c.op_id.empty() ? std::string() : password::salt_of(m.id + '\0' + c.op_id);
  auto then = [to = services_.directory.configuration, book = &services_.connections,
               op_id = c.op_id, under = services_.secret, stay = ends == false,
               m = std::move(m)](std::string hash) mutable {
    if (hash.empty()) {
      return m.reply.fail(
          0, error{errc::resource_exhausted, "password: no memory to hash it", "password", {}, 0});
    }
    m.text = std::move(hash);
    m.known_by = repeatable_request(under, key_kind::configuration_change, m.by, op_id,
                                    codec::call_content(m));
    if (stay) book->keep(m.id, m.text);
    caf::anon_send(to, std::move(m));
  };
  if (services_.passwords && services_.passwords->hash(std::move(secret), salt, std::move(then)))
    return;
  c.reply.fail(0,
               error{errc::resource_exhausted, "password: too many are being checked at the moment",
                     "password", "retry_after_ms", 1'000});
}

void gateway::account_new_token(call& c) {
  constexpr std::int64_t usual_overlap = 24 * hour_ms, longest_overlap = 30 * 24 * hour_ms;
  auto m = order_params(c, configuration_order::account_token);
  const auto overlap = c.p.maybe_integer("overlap_ms", 0, longest_overlap).value_or(usual_overlap);
  const auto ends = m.ends_connections = ends_connections(c.p);
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  m.number = static_cast<std::uint64_t>(overlap);
  const auto token = password::fresh_token();
  m.text = config::sha256_hex(token);
  // Written in whole seconds.
  if (overlap > 0)
    m.until =
        std::chrono::floor<std::chrono::seconds>(wall_time(services_.clock) + millis{overlap});
  m.by = {"admin", c.by.id, c.by.name};
  m.known_by = known_by(c, key_kind::configuration_change, m);
  if (!c.op_id.empty()) m.sealed = password::sealed(token, c.op_id);
  if (ends == false) services_.connections.keep(m.id, m.text);
  m.reply = taken_like(c.reply, {std::make_shared<opened_answer>(
                                     answer_ending_connections(c, m.id, ends), c.op_id, token),
                                 0});
  caf::anon_send(services_.directory.configuration, std::move(m));
}

/// As the configuration has them; how they are at the moment admin.agents says.
void gateway::account_list(call& c) {
  const auto after = c.p.text_or_empty("after", 64);
  const auto limit = static_cast<std::size_t>(c.p.maybe_integer("limit", 1, 1'000).value_or(100));
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  const auto config = services_.config();
  std::vector<std::pair<const config::agent_config*, bool>> all;
  for (auto& a : config->agents) {
    if (a.id.value > after) all.emplace_back(&a, false);
  }
  for (auto& a : config->disabled_agents) {
    if (a.id.value > after) all.emplace_back(&a, true);
  }
  const auto shown = std::min(limit, all.size());
  std::ranges::partial_sort(
      all, all.begin() + static_cast<std::ptrdiff_t>(shown), {},
      [](auto& a) -> auto& { return a.first->id; });
  const bool more = shown < all.size();
  packer p;
  p.map(more ? 3 : 2).str("accounts").array(static_cast<std::uint32_t>(shown));
  for (std::size_t i = 0; i < shown; ++i) pack_account(p, *all[i].first, all[i].second);
  p.str("more").boolean(more);
  if (more) field(p, "next", all[shown - 1].first->id.value);
  c.reply.ok(0, p.take());
}

/// A page of the list `agents` of a dispatch file, with hashes of tokens and passwords.
void gateway::account_export(call& c) {
  configuration_call m;
  m.method = configuration_method::show;
  m.path = accounts_part;
  m.text = c.p.text_or_empty("after", 64);
  m.number = static_cast<std::uint64_t>(c.p.maybe_integer("limit", 1, 1'000).value_or(100));
  to_configuration(c, std::move(m));
}

void gateway::account_import(call& c) {
  constexpr std::size_t whole_text = 8u << 20;
  configuration_call m;
  m.method = configuration_method::order;
  m.order = configuration_order::account_create;
  m.text = c.p.text("text", whole_text);
  m.comment = c.p.text_or_empty("why", 256);
  m.expected =
      static_cast<int>(c.p.maybe_integer("expected_version", 1, most_versions).value_or(0));
  to_configuration(c, std::move(m));
}

}  // namespace switchboard
