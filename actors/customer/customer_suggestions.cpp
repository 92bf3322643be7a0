#include <algorithm>

#include "actors/customer/customer_merging.hpp"
#include "config/quantity.hpp"
#include "runtime/codec/params.hpp"

/// What mining found: kept for an agent to confirm, or done at once.
namespace switchboard::customer_machine {
namespace {

const participant miner{"mining", "", ""};

codec::packed_value packed(const std::map<std::string, std::string>& fields) {
  codec::packer p;
  p.map(static_cast<std::uint32_t>(fields.size()));
  for (auto& [name, value] : fields) {
    // A lead's value is a number on the wire and text in a configuration.
    auto number = name == "value" ? config::parse_integer(value) : std::nullopt;
    number ? field(p, name, *number) : field(p, name, value);
  }
  return {p.take()};
}

bool has_tag(const customer_record& r, const std::string& tag) {
  return std::ranges::find(r.tags, tag, &customer_tag::tag) != r.tags.end();
}

/// What accepting it comes to.
result<payloads> deed(const customer_record& r, const participant& by, const suggestion& s,
                      timestamp now, const limits& l, const field_policy& policy) {
  result<decision> d = decision{};
  if (s.kind == "tag") {
    d = decide_tag(r, by, {s.fields.at("tag")}, {}, l);
  } else if (s.kind == "lead") {
    lead_origin origin;
    origin.session = s.session;
    auto fields = s.fields;
    // The lead has the suggestion's id: confirmed twice it is still one.
    d = decide_lead_create(r, by, packed(fields), "l" + s.id.substr(1), now, l, policy, origin);
  } else {
    d = decide_update(r, by, packed(s.fields), l, policy);
  }
  if (!d) return tl::unexpected(d.error());
  return std::move(d->events);
}

/// Nothing would change, so there is nothing to suggest.
bool true_already(const customer_record& r, const suggestion& s, const field_policy& policy) {
  if (s.kind == "tag") return has_tag(r, s.fields.at("tag"));
  if (s.kind == "lead") {
    sales_lead wanted;
    wanted.title = s.fields.at("title");
    return !duplicates_of(r.leads, wanted, policy).empty();
  }
  auto have = fields_of(r.profile);
  return std::ranges::all_of(s.fields, [&](auto& f) {
    auto it = have.find(f.first);
    return it != have.end() && it->second->value == f.second;
  });
}

/// A guess goes into an empty field, or in place of an earlier guess; whoever said something else
/// is not overruled without an agent.
bool overrules(const customer_record& r, const suggestion& s) {
  auto have = fields_of(r.profile);
  return s.kind == "field" && std::ranges::any_of(s.fields, [&](auto& f) {
           auto it = have.find(f.first);
           return it != have.end() && kind_of_source(it->second->source) != "mining";
         });
}

}  // namespace

payloads decide_suggest(const customer_record& r, const std::vector<suggestion>& all, timestamp now,
                        const limits& l, const field_policy& policy) {
  payloads out;
  auto count = r.suggestions.size();
  for (auto& s : all) {
    bool known = std::ranges::any_of(r.suggestions, [&](auto& o) {
      return o.id == s.id || (o.kind == s.kind && o.fields == s.fields);
    });
    bool settled = std::ranges::find(r.settled, s.id) != r.settled.end();
    if (known || settled || true_already(r, s, policy)) continue;
    if (s.automatic && !overrules(r, s)) {
      // What the record does not take is left for an agent to see.
      if (auto events = deed(r, miner, s, now, l, policy)) {
        out.insert(out.end(), events->begin(), events->end());
        continue;
      }
    }
    if (count++ < l.suggestions) out.push_back(customer_event::suggested{s});
  }
  return out;
}

result<decision> decide_settle(const customer_record& r, const participant& by,
                               const std::string& id, bool accept, timestamp now, const limits& l,
                               const field_policy& policy) {
  auto it = std::ranges::find(r.suggestions, id, &suggestion::id);
  if (it == r.suggestions.end())
    return fail(errc::not_found, "suggestion_id: there is no such suggestion", "suggestion_id");
  decision d{{}, codec::empty_map()};
  if (accept) {
    auto events = deed(r, by, *it, now, l, policy);
    if (!events) return tl::unexpected(events.error());
    d.events = std::move(*events);
  }
  d.events.push_back(customer_event::suggestion_settled{id, by.role + ':' + by.id, accept});
  return d;
}

}  // namespace switchboard::customer_machine
