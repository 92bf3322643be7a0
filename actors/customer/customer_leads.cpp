#include <algorithm>

#include "actors/customer/customer_machine.hpp"
#include "actors/customer/packed_fields.hpp"
#include "runtime/base/text.hpp"
#include "runtime/text/fold.hpp"

/// Leads: the part of the machine that creates and changes them.
namespace switchboard::customer_machine {
namespace {

constexpr std::int64_t largest_value = std::int64_t{1} << 53;

std::string stage_names(const field_policy& policy) {
  std::string out;
  for (auto& s : policy.stages()) out += (out.empty() ? "" : ", ") + s.id;
  return out;
}

const config::lead_stage_config* stage_of(const field_policy& policy, const std::string& id) {
  auto& all = policy.stages();
  auto it = std::ranges::find(all, id, &config::lead_stage_config::id);
  return it == all.end() ? nullptr : &*it;
}

void check_stage(codec::params& p, const std::string& from, const std::string& to,
                 const field_policy& policy) {
  if (!stage_of(policy, to)) return p.reject("stage", "expected one of " + stage_names(policy));
  auto* before = from.empty() || from == to ? nullptr : stage_of(policy, from);
  if (!before || before->next.empty() || std::ranges::count(before->next, to) > 0) return;
  std::string may;
  for (auto& s : before->next) may += (may.empty() ? "" : ", ") + s;
  p.reject("stage", "after " + from + " comes one of " + may);
}

void check_owner(codec::params& p, const std::string& owner, const field_policy& policy) {
  if (!policy.config() || owner.empty()) return;
  std::vector<std::string> known;
  for (auto& a : policy.config()->agents) known.push_back(a.id.value);
  if (known.empty() || std::ranges::count(known, owner) > 0) return;
  auto near = nearest_name(owner, known);
  p.reject("owner",
           "there is no such agent" + (near.empty() ? "" : "; did you mean " + near + "?"));
}

void read_session(codec::params& p, sales_lead& lead) {
  auto session = p.text_or_empty("session_id", longest_name);
  if (session.empty()) return;
  if (auto id = session_id::parse(session))
    lead.session = *id;
  else
    p.reject("session_id", "is no session's id");
}

/// Reads what a lead's map says over `lead`; what it does not name stays.
result<sales_lead> read_lead(const msgpack::object& map, sales_lead lead, const limits& l,
                             const field_policy& policy, bool fresh) {
  codec::params p(map, "fields");
  auto text = [&](std::string_view field, std::string& into, std::size_t limit) {
    if (!p.find(field)) return false;
    into = p.text_or_empty(field, limit);
    return true;
  };
  text("title", lead.title, 256);
  // Where it begins is free; what follows is the pipeline's.
  auto stage_before = fresh ? std::string{} : lead.stage;
  text("stage", lead.stage, longest_name);
  text("currency", lead.currency, 8);
  if (text("owner", lead.owner, 256)) check_owner(p, lead.owner, policy);
  text("channel", lead.channel, 256);
  text("sales_channel", lead.sales_channel, longest_name);
  text("campaign", lead.campaign, longest_name);
  text("next_step", lead.next_step, 512);
  text("note", lead.note, l.note_bytes);
  lead.value = p.maybe_integer("value", 0, largest_value).value_or(lead.value);
  if (auto at = p.maybe_integer("next_at", 0, largest_value)) lead.next_at = from_unix_ms(*at);
  read_session(p, lead);
  if (lead.title.empty()) p.reject("title", "is required");
  check_stage(p, stage_before, lead.stage, policy);
  if (!p.ok()) return tl::unexpected(p.why());
  return lead;
}

std::string lead_answer(const std::string& lead_id, const std::vector<std::string>& duplicates) {
  codec::packer p;
  field(p.map(duplicates.empty() ? 1 : 2), "lead_id", lead_id);
  if (!duplicates.empty())
    codec::pack_value(p.str("duplicates"), duplicates, codec::audience::client);
  return p.take();
}

bool same_lead(sales_lead a, const sales_lead& b) {
  a.changed_at = b.changed_at;
  return codec::pack(a) == codec::pack(b);
}

/// A title is the same however its words are spaced.
std::string title_form(std::string_view title) {
  auto out = folded(title);
  std::erase(out, ' ');
  return out;
}

}  // namespace

std::vector<std::string> duplicates_of(const std::vector<sales_lead>& leads, const sales_lead& lead,
                                       const field_policy& policy) {
  std::vector<std::string> out;
  for (auto& other : leads) {
    auto* stage = stage_of(policy, other.stage);
    bool open = !stage || stage->ends == config::stage_end::none;
    bool alike = title_form(other.title) == title_form(lead.title) ||
                 (!lead.campaign.empty() && other.campaign == lead.campaign);
    if (other.id != lead.id && open && alike) out.push_back(other.id);
  }
  return out;
}

result<decision> decide_lead_create(const customer_record& r, const participant& by,
                                    const codec::packed_value& fields, std::string lead_id,
                                    timestamp now, const limits& l, const field_policy& policy,
                                    const lead_origin& origin) {
  if (r.leads.size() >= l.leads) {
    return fail(errc::resource_exhausted,
                "a customer has at most " + std::to_string(l.leads) + " leads");
  }
  return with_map(fields, [&](const msgpack::object& map) -> result<decision> {
    sales_lead fresh;
    fresh.id = lead_id;
    fresh.stage = policy.stages().front().id;
    fresh.owner = by.id;
    fresh.created_at = fresh.changed_at = now;
    fresh.session = origin.session;
    fresh.channel = origin.channel;
    fresh.sales_channel = origin.sales_channel;
    fresh.campaign = origin.campaign;
    auto lead = read_lead(map, std::move(fresh), l, policy, true);
    if (!lead) return tl::unexpected(lead.error());
    auto others = r.leads;
    others.insert(others.end(), origin.elsewhere.begin(), origin.elsewhere.end());
    auto duplicates = duplicates_of(others, *lead, policy);
    return decision{{customer_event::lead_created{std::move(*lead)}},
                    lead_answer(lead_id, duplicates)};
  });
}

result<decision> decide_lead_update(const customer_record& r, const std::string& lead_id,
                                    const codec::packed_value& fields, timestamp now,
                                    const limits& l, const field_policy& policy) {
  auto known = std::ranges::find(r.leads, lead_id, &sales_lead::id);
  if (known == r.leads.end())
    return fail(errc::not_found, "lead_id: the customer has no such lead", "lead_id");
  return with_map(fields, [&](const msgpack::object& map) -> result<decision> {
    auto lead = read_lead(map, *known, l, policy, false);
    if (!lead) return tl::unexpected(lead.error());
    decision d{{}, lead_answer(lead_id, {})};
    if (same_lead(*lead, *known)) return d;
    lead->changed_at = now;
    d.events.push_back(customer_event::lead_changed{std::move(*lead)});
    return d;
  });
}

}  // namespace switchboard::customer_machine
