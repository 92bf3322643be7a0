#include "actors/customer/customer_machine.hpp"

#include <algorithm>
#include <array>

#include "runtime/base/text.hpp"
#include "runtime/codec/params.hpp"

namespace switchboard::customer_machine {
namespace {

constexpr std::array<std::string_view, 6> stages{"new",      "contacted", "qualified",
                                                 "proposal", "won",       "lost"};
constexpr std::int64_t largest_value = std::int64_t{1} << 53;
constexpr std::size_t longest_name = 64;

std::string source_of(const participant& by) {
  return by.role + ':' + by.id;
}

/// The map a caller sent, or why it is none. `use` reads it and answers the outcome.
template <class Use>
auto with_map(const codec::packed_value& fields, Use use)
    -> decltype(use(std::declval<const msgpack::object&>())) {
  try {
    auto bytes = fields.bytes.empty() ? codec::empty_map() : fields.bytes;
    auto handle = msgpack::unpack(bytes.data(), bytes.size());
    if (handle.get().type == msgpack::type::MAP) return use(handle.get());
  } catch (const msgpack::unpack_error&) {
    // Falls through: bytes that are no value are no map either.
  }
  return fail(errc::invalid_argument, "fields: expected a map", "fields");
}

result<std::string> field_value(const msgpack::object& o, const std::string& path,
                                std::size_t limit) {
  if (o.type == msgpack::type::NIL) return std::string{};
  if (o.type != msgpack::type::STR)
    return fail(errc::invalid_argument, path + ": expected text", path);
  std::string text(o.via.str.ptr, o.via.str.size);
  if (text.size() > limit)
    return fail(errc::invalid_argument, path + ": longer than " + std::to_string(limit) + " bytes",
                path);
  if (!valid_utf8(text)) return fail(errc::invalid_argument, path + ": is not UTF-8", path);
  return text;
}

const profile_value* current(const customer_record& r, const std::string& name) {
  if (auto* own = find_field(const_cast<customer_profile&>(r.profile), name)) return own;
  auto it = r.profile.extra.find(name);
  return it == r.profile.extra.end() ? nullptr : &it->second;
}

result<std::map<std::string, std::string>> read_fields(const msgpack::object& map,
                                                       const limits& l) {
  std::map<std::string, std::string> out;
  for (std::uint32_t i = 0; i < map.via.map.size; ++i) {
    auto& [key, value] = map.via.map.ptr[i];
    if (key.type != msgpack::type::STR || key.via.str.size == 0 ||
        key.via.str.size > longest_name) {
      return fail(errc::invalid_argument, "fields: names are text of 1 to 64 bytes", "fields");
    }
    std::string name(key.via.str.ptr, key.via.str.size);
    if (!valid_utf8(name))
      return fail(errc::invalid_argument, "fields: a name is not UTF-8", "fields");
    auto text =
        field_value(value, "fields." + name, name == "remark" ? l.note_bytes : l.value_bytes);
    if (!text) return tl::unexpected(text.error());
    out[name] = std::move(*text);
  }
  return out;
}

/// Reads what a lead's map says over `lead`; what it does not name stays.
result<sales_lead> read_lead(const msgpack::object& map, sales_lead lead, const limits& l) {
  codec::params p(map, "fields");
  auto text = [&](std::string_view field, std::string& into, std::size_t limit) {
    if (p.find(field)) into = p.text_or_empty(field, limit);
  };
  text("title", lead.title, 256);
  text("stage", lead.stage, longest_name);
  text("currency", lead.currency, 8);
  text("owner", lead.owner, 256);
  text("channel", lead.channel, 256);
  text("note", lead.note, l.note_bytes);
  lead.value = p.maybe_integer("value", 0, largest_value).value_or(lead.value);
  auto session = p.text_or_empty("session_id", longest_name);
  if (!session.empty()) {
    if (auto id = session_id::parse(session))
      lead.session = *id;
    else
      p.reject("session_id", "is no session's id");
  }
  if (lead.title.empty()) p.reject("title", "is required");
  if (std::ranges::find(stages, lead.stage) == stages.end()) {
    p.reject("stage", "expected new, contacted, qualified, proposal, won or lost");
  }
  if (!p.ok()) return tl::unexpected(p.why());
  return lead;
}

std::string lead_answer(const std::string& lead_id) {
  codec::packer p;
  field(p.map(1), "lead_id", lead_id);
  return p.take();
}

bool same_lead(sales_lead a, const sales_lead& b) {
  a.changed_at = b.changed_at;
  return codec::pack(a) == codec::pack(b);
}

}  // namespace

payloads decide_note(const customer_record& r, const trail_note& note, timestamp now,
                     const limits& l) {
  auto& seen = note.seen_as;
  if (seen.id.empty()) return {};
  payloads out;
  bool verified = !note.member_id.empty();
  auto known = std::ranges::find_if(
      r.identities, [&](auto& i) { return i.channel == note.entry.channel && i.id == seen.id; });
  bool fresh = known == r.identities.end();
  bool newly_verified = !fresh && verified && !known->verified;
  if ((fresh && r.identities.size() < l.identities) || newly_verified) {
    customer_identity identity{note.entry.channel, seen.id, seen.union_id, verified,
                               fresh ? now : known->since};
    out.push_back(customer_event::identity_linked{std::move(identity), note.member_id});
  }
  customer_event::profile_changed filled{"channel:" + note.entry.channel, {}};
  auto fill = [&](const char* name, const std::string& value, const profile_value& have) {
    if (have.empty() && !value.empty() && value.size() <= l.value_bytes)
      filled.fields[name] = value;
  };
  fill("name", note.member_name.empty() ? seen.name : note.member_name, r.profile.name);
  fill("phone", seen.phone, r.profile.phone);
  fill("email", seen.email, r.profile.email);
  fill("language", seen.language, r.profile.language);
  if (!filled.fields.empty()) out.push_back(std::move(filled));
  return out;
}

result<decision> decide_update(const customer_record& r, const participant& by,
                               const codec::packed_value& fields, const limits& l) {
  return with_map(fields, [&](const msgpack::object& map) -> result<decision> {
    auto wanted = read_fields(map, l);
    if (!wanted) return tl::unexpected(wanted.error());
    std::erase_if(*wanted, [&](auto& f) {
      auto* have = current(r, f.first);
      return have ? have->value == f.second : f.second.empty();
    });
    auto fresh = std::ranges::count_if(*wanted, [&](auto& f) { return !current(r, f.first); });
    if (r.profile.extra.size() + static_cast<std::size_t>(fresh) > l.extra_fields) {
      return fail(errc::resource_exhausted,
                  "fields: a customer has at most " + std::to_string(l.extra_fields) +
                      " fields of your own",
                  "fields");
    }
    decision d{{}, codec::empty_map()};
    if (!wanted->empty())
      d.events.push_back(customer_event::profile_changed{source_of(by), std::move(*wanted)});
    return d;
  });
}

result<decision> decide_lead_create(const customer_record& r, const participant& by,
                                    const codec::packed_value& fields, std::string lead_id,
                                    timestamp now, const limits& l) {
  if (r.leads.size() >= l.leads) {
    return fail(errc::resource_exhausted,
                "a customer has at most " + std::to_string(l.leads) + " leads");
  }
  return with_map(fields, [&](const msgpack::object& map) -> result<decision> {
    sales_lead fresh;
    fresh.id = lead_id;
    fresh.stage = "new";
    fresh.owner = by.id;
    fresh.created_at = fresh.changed_at = now;
    auto lead = read_lead(map, std::move(fresh), l);
    if (!lead) return tl::unexpected(lead.error());
    return decision{{customer_event::lead_created{std::move(*lead)}}, lead_answer(lead_id)};
  });
}

result<decision> decide_lead_update(const customer_record& r, const std::string& lead_id,
                                    const codec::packed_value& fields, timestamp now,
                                    const limits& l) {
  auto known = std::ranges::find(r.leads, lead_id, &sales_lead::id);
  if (known == r.leads.end())
    return fail(errc::not_found, "lead_id: the customer has no such lead", "lead_id");
  return with_map(fields, [&](const msgpack::object& map) -> result<decision> {
    auto lead = read_lead(map, *known, l);
    if (!lead) return tl::unexpected(lead.error());
    decision d{{}, lead_answer(lead_id)};
    if (same_lead(*lead, *known)) return d;
    lead->changed_at = now;
    d.events.push_back(customer_event::lead_changed{std::move(*lead)});
    return d;
  });
}

result<std::optional<std::string>> answered_before(const customer_record& r, const request_key& key,
                                                   timestamp now, const limits& l) {
  if (key.key == 0) return std::optional<std::string>{};
  std::size_t remembered = 0;
  for (auto& a : r.answered) {
    if (a.at + changes_remembered < now) continue;
    ++remembered;
    if (a.key != key.key) continue;
    if (a.content == key.content) return std::optional(a.answer.bytes);
    return fail(errc::already_exists, "op_id: used before with other content", "op_id");
  }
  if (remembered >= l.answered) {
    return fail(errc::resource_exhausted, "op_id: too many changes of one customer in a day",
                "op_id");
  }
  return std::optional<std::string>{};
}

}  // namespace switchboard::customer_machine
