#include <algorithm>

#include "actors/access/team_tree.hpp"
#include "adapters/channel/gateway/gateway.hpp"
#include "adapters/customer_jobs/customer_jobs.hpp"
#include "config/customer_vocabulary.hpp"
#include "runtime/codec/byte_reader.hpp"

/// Customers in lists, what they are sorted by and sold through, and what destroys or hands out
/// their data.
namespace switchboard {

namespace {

/// Goes on with the customer whom customer.get has answered with.
class found_person final : public outbox {
 public:
  using next = std::function<void(const person_id&)>;
  found_person(reply_to to, next go_on) : to_(std::move(to)), go_on_(std::move(go_on)) {}

  void reply(std::uint32_t, store::position, std::string packed) override {
    person_id found;
    codec::byte_reader r(packed);
    for (auto left = r.map().value_or(0); left > 0; --left) {
      auto key = r.text();
      if (!key) break;
      if (*key == "customer_id") {
        found = person_id{std::string(r.text().value_or(""))};
        break;
      }
      if (!r.skip()) break;
    }
    go_on_(found);
  }
  void fail(std::uint32_t, store::position after, const error& why) override {
    to_.fail(after, why);
  }
  void notify(store::position, std::string) override {}
  std::uint64_t id() const override { return 0; }
  bool open() const override { return to_.out && to_.out->open(); }

 private:
  reply_to to_;
  next go_on_;
};

}  // namespace

/// For what is done elsewhere than at the customer's actor, which says who it is.
void gateway::with_person(call& c, std::function<void(const person_id&)> go_on) {
  customer_call m;
  m.person = read_person(c);
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  m.reply = {std::make_shared<found_person>(c.reply, std::move(go_on)), 0};
  const auto& directory = services_.directory.customers_of(m.person);
  caf::anon_send(directory, std::move(m));
}

/// With the role that the account has by then; a console has none that could change.
work_caller gateway::work_caller_of(call& c, std::string_view right) const {
  std::function<bool()> still_may;
  if (c.by.role == caller::kind::agent) {
    still_may = [config = services_.config, right, id = c.by.id] {
      const auto role = team_tree::role_of(*config(), id);
      return role && rights::allows(right, *role, tie::nothing);
    };
  }
  return {c.reply, std::move(still_may)};
}

bool gateway::has_work(call& c) {
  if (services_.work) return true;
  c.reply.fail(0, error{errc::unimplemented, "this node does no such work", {}, {}, 0});
  return false;
}

/// By what is indexed, answered with a page; or by a condition, which streams.
void gateway::customer_search(call& c) {
  auto condition = c.p.text_or_empty("condition", 8192), segment = c.p.text_or_empty("segment", 64);
  search_customers m;
  m.name = c.p.text_or_empty("name", 256);
  m.phone = c.p.text_or_empty("phone", 64);
  m.email = c.p.text_or_empty("email", 256);
  m.tag = c.p.text_or_empty("tag", 64);
  m.after = c.p.text_or_empty("after", 1200);
  m.limit = static_cast<std::uint64_t>(c.p.maybe_integer("limit", 1, 200).value_or(20));
  bool indexed = !m.name.empty() || !m.phone.empty() || !m.email.empty() || !m.tag.empty();
  bool streamed = !condition.empty() || !segment.empty();
  if (indexed && streamed) c.p.reject("condition", "does not go with name, phone, email or tag");
  if (!condition.empty() && !segment.empty()) c.p.reject("segment", "does not go with a condition");
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  if (!streamed) {
    m.reply = c.reply;
    caf::anon_send(services_.directory.archive, std::move(m));
  } else if (!allowed(c, "customer.search#condition")) {
    c.reply.fail(0, error{errc::permission_denied,
                          "condition: is for supervisors and above",
                          condition.empty() ? "segment" : "condition",
                          {},
                          0});
  } else if (has_work(c)) {
    services_.work->search(condition, segment, work_caller_of(c, "customer.search#condition"));
  }
}

void gateway::customer_export(call& c) {
  if (!has_work(c)) return;
  auto condition = c.p.text_or_empty("condition", 8192), segment = c.p.text_or_empty("segment", 64);
  if (!condition.empty() && !segment.empty()) c.p.reject("segment", "does not go with a condition");
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  services_.work->export_csv(condition, segment, work_caller_of(c, "customer.export"));
}

void gateway::customer_dossier(call& c) {
  if (!has_work(c)) return;
  with_person(c, [work = services_.work, caller = work_caller_of(c, "customer.dossier")](
                     auto& person) { work->dossier(person, caller); });
}

void gateway::customer_erase(call& c) {
  if (!has_work(c)) return;
  customer_call m;
  m.method = customer_method::erase;
  m.yes = c.p.boolean_or("dry_run", false);
  m.by = who_of(c.by);
  m.other = read_person(c).value;
  auto key = known_by(c, key_kind::customer_change, m).key;
  with_person(c, [work = services_.work, by = m.by, dry_run = m.yes, key,
                  to = c.reply](auto& person) { work->erase(person, by, dry_run, key, to); });
}

void gateway::customer_cancel(call& c) {
  if (!has_work(c)) return;
  auto id = c.p.text("work_id", 64);
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  services_.work->cancel(id, c.reply);
}

namespace {

std::string_view name_of(config::field_type t) {
  constexpr std::string_view names[] = {"text", "integer", "number", "flag",
                                        "date", "phone",   "email",  "choice"};
  return names[static_cast<int>(t)];
}

void pack_field(codec::packer& p, const config::profile_field_config& f, bool editable) {
  p.map(f.choices.empty() ? 4 : 5);
  field(p, "id", f.id);
  field(p, "type", name_of(f.type));
  codec::pack_value(p.str("label"), f.label, codec::audience::client);
  p.str("editable").boolean(editable);
  if (!f.choices.empty()) codec::pack_value(p.str("values"), f.choices, codec::audience::client);
}

}  // namespace

/// What a desk needs to show a profile and a pipeline: fields, and stages in their order.
void gateway::customer_fields(call& c) {
  auto config = services_.config();
  auto role = role_of(c.by);
  codec::packer p;
  p.map(2).str("fields").array(static_cast<std::uint32_t>(config->profile_fields.size()));
  for (auto& f : config->profile_fields)
    pack_field(p, f, std::ranges::find(f.edit, role) != f.edit.end());
  auto& stages = config::lead_pipeline(*config);
  p.str("lead_stages").array(static_cast<std::uint32_t>(stages.size()));
  for (auto& s : stages) {
    p.map(4);
    field(p, "id", s.id);
    codec::pack_value(p.str("label"), s.label, codec::audience::client);
    field(p, "ends",
          s.ends == config::stage_end::won    ? "won"
          : s.ends == config::stage_end::lost ? "lost"
                                              : "");
    codec::pack_value(p.str("next"), s.next, codec::audience::client);
  }
  c.reply.ok(0, p.take());
}

template <int Kind, int Method> void gateway::catalog(call& c) {
  constexpr const char* kinds[] = {"sales_channel", "campaign", "segment"};
  constexpr int create = 0, remove = 2, list = 3;
  catalog_call m;
  m.kind = kinds[Kind];
  m.method = Method == list     ? catalog_method::list
             : Method == remove ? catalog_method::remove
                                : catalog_method::put;
  m.fresh = Method == create;
  if (Method != list) m.id = c.p.text("id", 64);
  if (m.method == catalog_method::put) {
    if (auto* map = c.p.map("fields")) m.fields.bytes = codec::packed(*map);
  }
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  m.by = who_of(c.by);
  m.known_by = known_by(c, key_kind::catalog_change, m);
  m.reply = c.reply;
  caf::anon_send(services_.directory.catalog, std::move(m));
}

#define SB_CATALOG(kind)                                   \
  template void gateway::catalog<kind, 0>(gateway::call&); \
  template void gateway::catalog<kind, 1>(gateway::call&); \
  template void gateway::catalog<kind, 2>(gateway::call&); \
  template void gateway::catalog<kind, 3>(gateway::call&)
SB_CATALOG(0);
SB_CATALOG(1);
SB_CATALOG(2);
#undef SB_CATALOG

}  // namespace switchboard
