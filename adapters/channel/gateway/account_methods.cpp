#include <algorithm>

#include <msgpack.hpp>

#include "actors/configuration/configuration_parts.hpp"
#include "adapters/channel/gateway/endpoints.hpp"
#include "adapters/channel/gateway/held_answer.hpp"
#include "adapters/channel/gateway/yaml_fields.hpp"
#include "adapters/password/password_hash.hpp"
#include "adapters/password/password_verifier.hpp"
#include "config/token.hpp"
#include "runtime/base/wall_time.hpp"
#include "runtime/codec/pack.hpp"

/// Accounts and skill groups changed while the daemon runs: orders to the owner of the
/// configuration, each of which becomes one version.
namespace switchboard {

using codec::packer;

namespace {

constexpr std::size_t whole_text = 8u << 20;
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

/// An order, its fields read right into the message.
template <configuration_order What> struct to_order : configuration_call {
  to_order() {
    method = configuration_method::order;
    order = What;
  }
};
template <configuration_order What> void pass_on(gateway_call& c, to_order<What>& a) {
  to_configuration(c, std::move(a));
}

constexpr codec::wire_field fields_map[] = {{"fields", codec::wire_field::kind::map, true}};

template <class V> void common_fields(V& v, configuration_call& m, const char* id = "id") {
  v.must(id, m.id, 64);
  v.may("why", m.comment, 256);
  v.may("expected_version", m.expected, 1, most_versions);
}
template <class V, configuration_order What> void wire_fields(V& v, to_order<What>& m) {
  using o = configuration_order;
  common_fields(v, m, What == o::group_merge ? "from" : "id");
  if constexpr (What == o::account_create || What == o::account_update || What == o::group_create ||
                What == o::group_update)
    v.by(fields_map, [&](codec::params& p) { m.text = gateway_reading::yaml_fields(p, "fields"); });
  if constexpr (What == o::group_merge) v.must("into", m.into, 64);
  if constexpr (What == o::group_retire) v.may("into", m.into, 64);
}

/// Without a word each connection ends with what it was let in by; true: all of the account end;
/// false: none.
reply_to answer_ending_connections(gateway_call& c, const configuration_call& m) {
  std::function<void()> done;
  if (m.ends_connections.value_or(false))
    done = [book = &c.services.connections, account = m.id] { book->end_account(account); };
  return held_answer::to(c, std::move(done));
}

struct new_password {
  to_order<configuration_order::account_password> order;
  std::string secret;
};
template <class V> void wire_fields(V& v, new_password& x) {
  common_fields(v, x.order);
  v.must("password", x.secret, password::most_length);
  v.may("end_connections", x.order.ends_connections);
}

void set_password(gateway_call& c, new_password& a) {
  if (a.secret.size() < password::least_length)
    return c.wrong("password",
                   "expected at least " + std::to_string(password::least_length) + " bytes");
  configuration_call& m = a.order;
  m.by = {"admin", c.by.id, c.by.name};
  m.reply = answer_ending_connections(c, m);
  // With a key the same password has the same hash, so that a repetition can be told from another
  // password.
  const auto salt = c.op_id.empty() ? std::string() : password::salt_of(m.id + '\0' + c.op_id);
  auto then = [to = c.services.directory.configuration, book = &c.services.connections,
               op_id = c.op_id, under = c.services.secret, stay = m.ends_connections == false,
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
  auto* hashing = c.services.passwords;
  if (hashing && hashing->hash(std::move(a.secret), salt, std::move(then))) return;
  c.fail(error{errc::resource_exhausted, "password: too many are being checked at the moment",
               "password", "retry_after_ms", 1'000});
}

struct new_token {
  new_token() { order.number = 24 * hour_ms; }
  to_order<configuration_order::account_token> order;
};
template <class V> void wire_fields(V& v, new_token& x) {
  common_fields(v, x.order);
  v.may("overlap_ms", x.order.number, 0, 30 * 24 * hour_ms);
  v.may("end_connections", x.order.ends_connections);
}

void make_token(gateway_call& c, new_token& a) {
  configuration_call& m = a.order;
  const millis overlap{m.number};
  const auto token = password::fresh_token();
  m.text = config::sha256_hex(token);
  // Written in whole seconds.
  if (overlap > millis{0})
    m.until = std::chrono::floor<std::chrono::seconds>(wall_time(c.services.clock) + overlap);
  m.by = {"admin", c.by.id, c.by.name};
  m.known_by = c.known_by(key_kind::configuration_change, m);
  if (!c.op_id.empty()) m.sealed = password::sealed(token, c.op_id);
  if (m.ends_connections == false) c.services.connections.keep(m.id, m.text);
  m.reply = taken_like(
      c.reply,
      {std::make_shared<opened_answer>(answer_ending_connections(c, m), c.op_id, token), 0});
  caf::anon_send(c.services.directory.configuration, std::move(m));
}

struct page_of_accounts {
  std::string after;
  std::size_t limit = 100;
};
template <class V> void wire_fields(V& v, page_of_accounts& x) {
  v.may("after", x.after, 64);
  v.may("limit", x.limit, 1, 1'000);
}

/// As the configuration has them; how they are at the moment admin.agents says.
void list(gateway_call& c, page_of_accounts& page) {
  const auto config = c.services.config();
  std::vector<std::pair<const config::agent_config*, bool>> all;
  for (auto& a : config->agents) {
    if (a.id.value > page.after) all.emplace_back(&a, false);
  }
  for (auto& a : config->disabled_agents) {
    if (a.id.value > page.after) all.emplace_back(&a, true);
  }
  const auto shown = std::min(page.limit, all.size());
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
void export_text(gateway_call& c, page_of_accounts& a) {
  configuration_call m;
  m.method = configuration_method::show;
  m.path = accounts_part;
  m.text = std::move(a.after);
  m.number = a.limit;
  to_configuration(c, std::move(m));
}

struct several_accounts : to_order<configuration_order::account_create> {};
template <class V> void wire_fields(V& v, several_accounts& m) {
  v.must("text", m.text, whole_text);
  v.may("why", m.comment, 256);
  v.may("expected_version", m.expected, 1, most_versions);
}

void import_text(gateway_call& c, several_accounts& m) {
  to_configuration(c, std::move(m));
}

}  // namespace

using o = configuration_order;
const endpoint endpoints::account_create = served_by<pass_on<o::account_create>>;
const endpoint endpoints::account_disable = served_by<pass_on<o::account_disable>>;
const endpoint endpoints::account_enable = served_by<pass_on<o::account_enable>>;
const endpoint endpoints::account_export = served_by<export_text>;
const endpoint endpoints::account_import = served_by<import_text>;
const endpoint endpoints::account_list = served_by<list>;
const endpoint endpoints::account_new_token = served_by<make_token>;
const endpoint endpoints::account_set_password = served_by<set_password>;
const endpoint endpoints::account_update = served_by<pass_on<o::account_update>>;
const endpoint endpoints::group_create = served_by<pass_on<o::group_create>>;
const endpoint endpoints::group_merge = served_by<pass_on<o::group_merge>>;
const endpoint endpoints::group_retire = served_by<pass_on<o::group_retire>>;
const endpoint endpoints::group_update = served_by<pass_on<o::group_update>>;

}  // namespace switchboard
