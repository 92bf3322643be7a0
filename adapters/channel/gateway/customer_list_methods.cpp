#include <algorithm>

#include "actors/access/team_tree.hpp"
#include "adapters/channel/gateway/customer_call_of.hpp"
#include "adapters/customer_jobs/customer_jobs.hpp"
#include "config/customer_vocabulary.hpp"
#include "runtime/codec/byte_reader.hpp"

/// Customers in lists, and what destroys or hands out their data.
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

/// For what is done elsewhere than at the customer's actor, which says who it is.
void with_person(gateway_call& c, const person_id& named,
                 std::function<void(const person_id&)> go_on) {
  customer_call m;
  m.person = named;
  m.reply = {std::make_shared<found_person>(c.reply, std::move(go_on)), 0};
  const auto& directory = c.services.directory.customers_of(m.person);
  caf::anon_send(directory, std::move(m));
}

/// With the role that the account has by then; a console has none that could change.
work_caller work_caller_of(const gateway_call& c, std::string_view right) {
  std::function<bool()> still_may;
  if (c.by.role == caller::kind::agent) {
    still_may = [config = c.services.config, right, id = c.by.id] {
      const auto role = team_tree::role_of(*config(), id);
      return role && rights::allows(right, *role, tie::nothing);
    };
  }
  return {c.reply, std::move(still_may)};
}

bool has_work(const gateway_call& c) {
  if (!c.services.work) c.fail(errc::unimplemented, "this node does no such work");
  return c.services.work;
}

struct search_arguments {
  std::string condition, segment;
  search_customers by_index;
};
template <class V> void wire_fields(V& v, search_arguments& x) {
  auto& m = x.by_index;
  v.may("condition", x.condition, 8192);
  v.may("segment", x.segment, 64);
  v.may("name", m.name, 256);
  v.may("phone", m.phone, 64);
  v.may("email", m.email, 256);
  v.may("tag", m.tag, 64);
  v.may("after", m.after, 1200);
  v.may("limit", m.limit, 1, 200);
}

/// By what is indexed, answered with a page; or by a condition, which streams.
void search(gateway_call& c, search_arguments& a) {
  auto& m = a.by_index;
  const bool indexed = !m.name.empty() || !m.phone.empty() || !m.email.empty() || !m.tag.empty();
  const bool streamed = !a.condition.empty() || !a.segment.empty();
  if (indexed && streamed)
    return c.wrong("condition", "does not go with name, phone, email or tag");
  if (!a.condition.empty() && !a.segment.empty())
    return c.wrong("segment", "does not go with a condition");
  if (!streamed) {
    m.reply = c.reply;
    return caf::anon_send(c.services.directory.archive, std::move(m));
  }
  if (!c.allowed("customer.search#condition"))
    return c.fail(errc::permission_denied, "condition: is for supervisors and above",
                  a.condition.empty() ? "segment" : "condition");
  if (!has_work(c)) return;
  c.services.work->search(a.condition, a.segment, work_caller_of(c, "customer.search#condition"));
}

struct selection {
  std::string condition, segment;
};
template <class V> void wire_fields(V& v, selection& x) {
  v.may("condition", x.condition, 8192);
  v.may("segment", x.segment, 64);
}

void export_rows(gateway_call& c, selection& a) {
  if (!a.condition.empty() && !a.segment.empty())
    return c.wrong("segment", "does not go with a condition");
  if (!has_work(c)) return;
  c.services.work->export_csv(a.condition, a.segment, work_caller_of(c, "customer.export"));
}

void dossier(gateway_call& c, named_customer& a) {
  if (!has_work(c)) return;
  with_person(c, a.person,
              [work = c.services.work, caller = work_caller_of(c, "customer.dossier")](
                  auto& person) { work->dossier(person, caller); });
}

struct erasure {
  bool dry_run = false;
  person_id person;
};
template <class V> void wire_fields(V& v, erasure& x) {
  v.may("dry_run", x.dry_run);
  v.must("customer_id", x.person, 300);
}

void erase(gateway_call& c, erasure& a) {
  if (!has_work(c)) return;
  customer_call m;
  m.method = customer_method::erase;
  m.yes = a.dry_run;
  m.by = c.by.who_or_admin();
  m.other = a.person.value;
  auto key = c.known_by(key_kind::customer_change, m).key;
  with_person(c, a.person,
              [work = c.services.work, by = m.by, dry_run = m.yes, key,
               to = c.reply](auto& person) { work->erase(person, by, dry_run, key, to); });
}

struct work_id {
  std::string id;
};
template <class V> void wire_fields(V& v, work_id& x) {
  v.must("work_id", x.id, 64);
}

void cancel(gateway_call& c, work_id& a) {
  if (has_work(c)) c.services.work->cancel(a.id, c.reply);
}

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

/// What a desk needs to show a profile and a pipeline: fields, and stages in their order.
void fields(gateway_call& c) {
  auto config = c.services.config();
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

}  // namespace

const endpoint endpoints::customer_cancel = served_by<cancel>;
const endpoint endpoints::customer_dossier = served_by<dossier>;
const endpoint endpoints::customer_erase = served_by<erase>;
const endpoint endpoints::customer_export = served_by<export_rows>;
const endpoint endpoints::customer_fields = served_by<fields>;
const endpoint endpoints::customer_search = served_by<search>;

}  // namespace switchboard
