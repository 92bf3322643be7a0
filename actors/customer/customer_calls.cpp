#include <algorithm>

#include "actors/customer/customer_body.hpp"
#include "actors/read_model/projection/customer_reading.hpp"
#include "actors/read_model/projection/person_finding.hpp"
#include "actors/read_model/projection/state_keys.hpp"
#include "runtime/hosting/unless_known.hpp"

namespace switchboard {

using codec::packer;

namespace {

bool is_block(customer_method m) {
  return m == customer_method::block || m == customer_method::unblock;
}

/// Newest first.
std::string packed_leads(const customer_record& of, std::uint64_t limit) {
  auto& leads = of.leads;
  auto n = static_cast<std::size_t>(limit == 0 ? leads.size()
                                               : std::min<std::uint64_t>(limit, leads.size()));
  packer p;
  p.map(2).str("leads").array(static_cast<std::uint32_t>(n));
  for (std::size_t i = 0; i < n; ++i)
    codec::pack_value(p, leads[leads.size() - 1 - i], codec::audience::client);
  p.str("more").boolean(n < leads.size());
  return p.take();
}

/// What is about the one merged away, and not about whom it is shown as. A block comes from there,
/// passed on.
bool for_itself(const customer_call& c) {
  auto m = c.method;
  return m == customer_method::merge || m == customer_method::unmerge ||
         m == customer_method::erase || m == customer_method::erase_sessions ||
         (is_block(m) && c.passed_on);
}

}  // namespace

void customer_body::handle(customer_call& m) {
  const auto known_by = known_by_of(m);
  if (replayed(known_by, m.reply)) return;
  if (record_.merged_into && !for_itself(m)) {
    m.person = record_.merged_into->survivor;
    self_->send(services_.directory.customers_of(m.person), std::move(m));
    return;
  }
  switch (m.method) {
    case customer_method::get:
    case customer_method::lead_list:
      return read(m);
    case customer_method::history:
      return call_history(m);
    case customer_method::changes:
      self_->send(services_.directory.archive,
                  read_changes{person(), m.number == 0 ? 20 : m.number, m.text, m.reply});
      return;
    case customer_method::merge:
      if (!refused_as_new(m.reply)) call_merge(m, known_by.key);
      return;
    case customer_method::unmerge:
      if (!refused_as_new(m.reply)) call_unmerge(m, known_by.key);
      return;
    case customer_method::mine:
      if (m.sessions.empty() || refused_as_new(m.reply)) return;
      self_->send(services_.directory.miner,
                  mine_session{m.sessions.front(), person(), m.by.role + ':' + m.by.id, m.reply,
                               known_by.key});
      return;
    case customer_method::erase_sessions:
    case customer_method::erase:
      return erase(m);
    default:
      return act(m, known_by.key);
  }
}

/// What is told waits for what this one knows, and not for others' records. While the journal
/// stands still it is what the state has.
void customer_body::read(const customer_call& m) const {
  auto tell = [&](store::position at, const customer_record& shown, const trail_summary& trail) {
    m.reply.ok(at, m.method == customer_method::get ? packed_customer(shown, trail)
                                                    : packed_leads(shown, m.number));
  };
  if (needed_ <= services_.journal.durable() || !store::stands_still(services_.gate))
    return tell(needed_, record_, trail_);
  const auto view = services_.state.view();
  const auto durable = projecting::read_customer(*view, person());
  tell(0, durable, customer_trail(*view, durable));
}

/// Of a block that goes through several it is the last it comes to that keeps the key.
repeatable customer_body::known_by_of(const customer_call& m) const {
  if (!m.to_tell.empty() || m.op_id.empty()) return {};
  return repeatable_request(services_.secret, key_kind::customer_change, m.by, m.op_id,
                            codec::call_content(m));
}

bool customer_body::replayed(const repeatable& known_by, const reply_to& to) const {
  auto before =
      answered_before(record_.answered, known_by, wall(), services_.options.limits.answered);
  if (before && !*before) return false;
  const auto at = services_.journal.last();
  if (!before)
    to.fail(at, before.error());
  else
    to.ok(at, **before);
  return true;
}

/// Records what was decided and the answer to a call with a key, as one.
void customer_body::settle(const reply_to& to, request_key key, customer_machine::payloads events,
                           std::string answer) {
  if (key.key != 0)
    events.push_back(customer_event::change_answered{key.key, key.content, {answer}});
  auto at = events.empty() ? services_.journal.last() : commit(std::move(events));
  to.ok(at, std::move(answer));
}

void customer_body::act(customer_call& m, request_key key) {
  if (is_block(m.method) && !m.passed_on && blocks_others_first(m)) return;
  auto config = this->config();
  auto policy = config ? field_policy(*config, m.role) : field_policy();
  auto& l = services_.options.limits;
  namespace machine = customer_machine;
  change(m, key, [&]() -> result<machine::decision> {
    switch (m.method) {
      case customer_method::update:
        return machine::decide_update(record_, m.by, m.fields, l, policy);
      case customer_method::lead_create:
        return checked(machine::decide_lead_create(record_, m.by, m.fields, fresh_lead_id(), wall(),
                                                   l, policy, origin_of(m)));
      case customer_method::lead_update:
        return checked(machine::decide_lead_update(record_, m.lead, m.fields, wall(), l, policy));
      case customer_method::tag:
        return machine::decide_tag(record_, m.by, m.add, m.remove, l);
      case customer_method::block:
        return machine::decide_block(record_, m.by, m.text, m.until, wall());
      case customer_method::unblock:
        return machine::decide_unblock(record_, m.by);
      case customer_method::settle:
        return machine::decide_settle(record_, m.by, m.other, m.yes, wall(), l, policy);
      default:
        return fail(errc::unimplemented, "unknown method");
    }
  });
}

template <class Decide>
void customer_body::change(customer_call& m, request_key key, Decide decide) {
  auto decided = decide();
  if (!decided) {
    probe_->note_failure();
    return m.reply.fail(services_.journal.last(), decided.error());
  }
  // One that is passed on may be known to the last it comes to.
  const bool passes_on = !m.to_tell.empty() && is_block(m.method);
  if (!(passes_on && decided->events.empty()) && refused_as_new(m.reply)) return;
  if (passes_on) {
    if (!decided->events.empty()) commit(std::move(decided->events));
    return pass_block_on(m);
  }
  settle(m.reply, key, std::move(decided->events), std::move(decided->answer));
}

/// Where the session of a lead came from, and the leads of who may be the same person.
customer_machine::lead_origin customer_body::origin_of(const customer_call& m) const {
  customer_machine::lead_origin origin;
  auto view = services_.state.view();
  for (auto& other : projecting::others_like(*view, record_)) {
    auto theirs = projecting::read_customer(*view, person_id{other.customer_id}).leads;
    origin.elsewhere.insert(origin.elsewhere.end(), theirs.begin(), theirs.end());
  }
  if (m.sessions.empty()) return origin;
  origin.session = m.sessions.front();
  origin.channel = m.from_channel;
  origin.sales_channel = m.sales_channel;
  origin.campaign = m.campaign;
  return origin;
}

/// A lead counts to a sales channel and a campaign that are there.
result<customer_machine::decision> customer_body::checked(
    result<customer_machine::decision> d) const {
  if (!d || !services_.catalog || d->events.empty()) return d;
  auto* created = std::get_if<customer_event::lead_created>(&d->events.front());
  auto* changed = std::get_if<customer_event::lead_changed>(&d->events.front());
  auto* lead = created ? &created->lead : changed ? &changed->lead : nullptr;
  if (!lead) return d;
  auto all = services_.catalog->now();
  auto known = [&](auto& list, auto& id) {
    return id.empty() || std::ranges::any_of(list, [&](auto& x) { return x.id == id; });
  };
  if (!known(all->campaigns, lead->campaign))
    return fail(errc::invalid_argument, "fields.campaign: there is no such campaign",
                "fields.campaign");
  auto config = this->config();
  // A channel of the wire stands for itself where no sales channel has it.
  bool channel = config && std::ranges::any_of(config->channels, [&](auto& c) {
                   return c.id.value == lead->sales_channel;
                 });
  if (!channel && !known(all->sales_channels, lead->sales_channel))
    return fail(errc::invalid_argument, "fields.sales_channel: there is no such sales channel",
                "fields.sales_channel");
  return d;
}

std::string customer_body::fresh_lead_id() {
  auto id = make_session_id(entity_shard('p', person().value), wall(), services_.random(),
                            services_.random())
                .text();
  id.front() = 'l';
  return id;
}

namespace {

/// An identity, and whose it is among those who are shown as one.
struct identity_line {
  customer_identity identity;
  std::string customer_id;
};
template <class V> void describe(V& v, identity_line& x) {
  describe(v, x.identity);
  v("customer_id", x.customer_id);
}

struct merged_line {
  std::string customer_id, by;
  timestamp at;
};
template <class V> void describe(V& v, merged_line& x) {
  v("customer_id", x.customer_id);
  v("by", x.by);
  v("at", x.at);
}

}  // namespace

std::string customer_body::packed_customer(const customer_record& of,
                                           const trail_summary& trail) const {
  constexpr auto client = codec::audience::client;
  auto view = services_.state.view();
  std::vector<identity_line> identities;
  for (auto& i : of.identities) identities.push_back({i, person().value});
  for (auto& other : customer_machine::shown_under(of)) {
    if (other == person()) continue;
    for (auto& i : projecting::read_customer(*view, other).identities)
      identities.push_back({i, other.value});
  }
  std::vector<merged_line> merged;
  for (auto& a : of.absorbed) merged.push_back({a.person.value, a.by, a.at});
  packer p;
  p.map(of.blocked ? 13 : 12);
  field(p, "person", person().value);
  field(p, "customer_id", person().value);
  field(p, "member_id", of.member_id);
  codec::pack_value(p.str("profile"), of.profile, client);
  codec::pack_value(p.str("conflicts"), customer_machine::conflicts_of(of), client);
  codec::pack_value(p.str("identities"), identities, client);
  codec::pack_value(p.str("same_as"), projecting::others_like(*view, of), client);
  codec::pack_value(p.str("merged"), merged, client);
  codec::pack_value(p.str("tags"), of.tags, client);
  codec::pack_value(p.str("suggestions"), of.suggestions, client);
  codec::pack_value(p.str("trail"), trail.finding(wall()), client);
  p.str("leads").uinteger(of.leads.size());
  if (of.blocked) codec::pack_value(p.str("blocked"), *of.blocked, client);
  return p.take();
}

/// Asked by the eraser alone, which sees to it that nothing of this goes on meanwhile. With
/// `other`: that one is erased, who was merged with this one once.
void customer_body::erase(customer_call& m) {
  customer_machine::payloads events;
  if (!m.sessions.empty()) events.push_back(customer_event::sessions_erased{m.sessions});
  if (!m.other.empty()) {
    if (!record_.blank()) events.push_back(customer_event::forgot{person_id{m.other}});
  } else if (m.method == customer_method::erase) {
    events.push_back(customer_event::erased{m.by.role + ':' + m.by.id});
    trail_ = {};
    to_mine_.clear();
  }
  auto at = events.empty() ? services_.journal.last() : commit(std::move(events));
  packer p;
  p.map(1).str("position").uinteger(at);
  m.reply.ok(at, p.take());
}

}  // namespace switchboard
