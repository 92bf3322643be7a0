#include "actors/customer/customer_machine.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "actors/customer/packed_fields.hpp"
#include "runtime/base/text.hpp"
#include "runtime/text/contact_form.hpp"
#include "runtime/text/fold.hpp"

namespace switchboard::customer_machine {
namespace {

std::string source_of(const participant& by) {
  return by.role + ':' + by.id;
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
    auto text =
        field_value(value, "fields." + name, name == "remark" ? l.note_bytes : l.value_bytes);
    if (!text) return tl::unexpected(text.error());
    out[name] = std::move(*text);
  }
  return out;
}

/// What channel and centers say about a person, sorted into what goes into the profile and what is
/// noted beside it.
class hearing {
 public:
  hearing(const customer_record& r, const limits& l, const field_policy& policy)
      : r_(r), l_(l), policy_(policy) {}

  void say(const std::string& source, const std::string& name, const std::string& said) {
    if (said.empty() || said.size() > l_.value_bytes) return;
    if (name == "name" && name_form(said).empty()) return;  // nothing of it shows
    auto value = policy_.checked(name, said, name);
    if (!value || *value == said_before(source, name)) return;
    auto& stands = standing(name);
    bool better =
        stands.value.empty() || stands.source == source ||
        (policy_.rank(name, source) < policy_.rank(name, stands.source) && stands.value != *value);
    if (better) {
      stands = {*value, source, {}};
      changed_[source][name] = *value;
    } else {
      heard_[source][name] = *value;
    }
  }

  void events(payloads& out) {
    for (auto& [source, fields] : changed_)
      out.push_back(customer_event::profile_changed{source, std::move(fields)});
    for (auto& [source, fields] : heard_)
      out.push_back(customer_event::profile_heard{source, std::move(fields)});
  }

 private:
  profile_value& standing(const std::string& name) {
    auto [it, fresh] = standing_.try_emplace(name);
    if (auto* now = fresh ? current(r_, name) : nullptr) it->second = *now;
    return it->second;
  }
  std::string said_before(const std::string& source, const std::string& name) const {
    if (auto all = r_.heard.find(name); all != r_.heard.end()) {
      auto it = std::ranges::find(all->second, source, &profile_value::source);
      if (it != all->second.end()) return it->value;
    }
    auto* now = current(r_, name);
    return now && now->source == source ? now->value : std::string{};
  }

  const customer_record& r_;
  const limits& l_;
  const field_policy& policy_;
  std::map<std::string, profile_value> standing_;
  std::map<std::string, std::map<std::string, std::string>> changed_, heard_;
};

/// An attribute of the member center as text.
std::string attribute_text(const msgpack::object& map, std::string_view name) {
  for (std::uint32_t i = 0; map.type == msgpack::type::MAP && i < map.via.map.size; ++i) {
    auto& [key, value] = map.via.map.ptr[i];
    if (key.type != msgpack::type::STR ||
        std::string_view(key.via.str.ptr, key.via.str.size) != name)
      continue;
    if (value.type == msgpack::type::STR) return {value.via.str.ptr, value.via.str.size};
    if (value.type == msgpack::type::BOOLEAN) return value.via.boolean ? "true" : "false";
    if (auto n = codec::whole_number(value)) return std::to_string(*n);
  }
  return {};
}

void hear_centers(hearing& h, const trail_note& note, const field_policy& policy) {
  auto fields = policy.from_centers();
  if (!note.member_id.empty()) h.say("member", "name", note.member_name);
  if (fields.empty()) return;
  auto attributes = codec::packed_value{note.member_attributes};
  (void)with_map(attributes, [&](const msgpack::object& map) -> result<bool> {
    for (auto* f : fields) {
      if (!f->from_member.empty()) h.say("member", f->id, attribute_text(map, f->from_member));
      auto tag = std::ranges::find_if(
          note.tags, [&](auto& t) { return !f->from_tag.empty() && t.starts_with(f->from_tag); });
      if (tag != note.tags.end()) h.say("tag", f->id, tag->substr(f->from_tag.size()));
    }
    return true;
  });
}

/// The tag center's tags, as it has them now; an agent's own stay.
void hear_tags(const customer_record& r, const trail_note& note, const limits& l, payloads& out) {
  constexpr std::size_t longest_tag = 64;
  customer_event::tagged change{"tag", {}, {}};
  for (auto& t : r.tags) {
    if (t.source == "tag" && std::ranges::count(note.tags, t.tag) == 0)
      change.remove.push_back(t.tag);
  }
  for (auto& tag : note.tags) {
    bool known = std::ranges::find(r.tags, tag, &customer_tag::tag) != r.tags.end();
    auto count = r.tags.size() + change.add.size() - change.remove.size();
    if (!known && !tag.empty() && tag.size() <= longest_tag && count < l.tags)
      change.add.push_back(tag);
  }
  if (!change.add.empty() || !change.remove.empty()) out.push_back(std::move(change));
}

}  // namespace

payloads decide_note(const customer_record& r, const trail_note& note, timestamp now,
                     const limits& l, const field_policy& policy) {
  auto& seen = note.seen_as;
  if (seen.id.empty()) return {};
  payloads out;
  bool verified = !note.member_id.empty();
  auto known = std::ranges::find_if(
      r.identities, [&](auto& i) { return i.channel == note.entry.channel && i.id == seen.id; });
  bool fresh = known == r.identities.end();
  bool learned = !fresh && ((verified && !known->verified) ||
                            (!seen.union_id.empty() && seen.union_id != known->union_id));
  if ((fresh && r.identities.size() < l.identities) || learned) {
    customer_identity identity{note.entry.channel, seen.id,
                               seen.union_id.empty() && !fresh ? known->union_id : seen.union_id,
                               verified || (!fresh && known->verified), fresh ? now : known->since};
    out.push_back(customer_event::identity_linked{std::move(identity), note.member_id});
  }
  hearing h(r, l, policy);
  hear_centers(h, note, policy);
  auto channel = "channel:" + note.entry.channel;
  h.say(channel, "name", seen.name);
  h.say(channel, "phone", seen.phone);
  h.say(channel, "email", seen.email);
  h.say(channel, "language", seen.language);
  h.events(out);
  if (note.start) hear_tags(r, note, l, out);
  return out;
}

namespace {

/// One number, address or name is no conflict with itself because somebody spells it otherwise.
bool says_the_same(const std::string& name, const std::string& one, const std::string& other) {
  if (one == other) return true;
  auto alike = [&](std::string (*form)(std::string_view)) {
    auto a = form(one);
    return !a.empty() && a == form(other);
  };
  if (name == "phone") return alike(phone_form);
  if (name == "email") return alike(email_form);
  return name == "name" && alike(folded);
}

}  // namespace

std::map<std::string, std::vector<profile_value>> conflicts_of(const customer_record& r) {
  std::map<std::string, std::vector<profile_value>> out;
  for (auto& [name, all] : r.heard) {
    auto* stands = current(r, name);
    if (!stands || stands->empty()) continue;
    bool decided = kind_of_source(stands->source) == "agent";
    std::vector<profile_value> told;
    for (auto& v : all) {
      // What an agent decided is decided, until somebody says something new.
      if (!says_the_same(name, v.value, stands->value) && (!decided || v.at > stands->at))
        told.push_back(v);
    }
    if (told.empty()) continue;
    told.insert(told.begin(), *stands);
    out.emplace(name, std::move(told));
  }
  return out;
}

namespace {

/// What is the same already is no change, unless it settles a conflict.
void drop_unchanged(const customer_record& r, std::map<std::string, std::string>& wanted) {
  auto open = conflicts_of(r);
  std::erase_if(wanted, [&](auto& f) {
    auto* have = current(r, f.first);
    if (!have) return f.second.empty();
    return have->value == f.second && !open.contains(f.first);
  });
}

}  // namespace

result<decision> decide_update(const customer_record& r, const participant& by,
                               const codec::packed_value& fields, const limits& l,
                               const field_policy& policy) {
  return with_map(fields, [&](const msgpack::object& map) -> result<decision> {
    auto wanted = read_fields(map, l);
    if (!wanted) return tl::unexpected(wanted.error());
    for (auto& [name, text] : *wanted) {
      auto value = policy.checked(name, text, "fields." + name);
      if (!value) return tl::unexpected(value.error());
      text = std::move(*value);
    }
    drop_unchanged(r, *wanted);
    for (auto& [name, text] : *wanted) {
      if (auto may = policy.may_edit(name, "fields." + name); !may)
        return tl::unexpected(may.error());
    }
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

result<decision> decide_tag(const customer_record& r, const participant& by,
                            const std::vector<std::string>& add,
                            const std::vector<std::string>& remove, const limits& l) {
  auto has = [&](const std::string& tag) {
    return std::ranges::find(r.tags, tag, &customer_tag::tag) != r.tags.end();
  };
  customer_event::tagged change{source_of(by), {}, {}};
  std::ranges::copy_if(add, std::back_inserter(change.add), [&](auto& t) { return !has(t); });
  std::ranges::copy_if(remove, std::back_inserter(change.remove), has);
  if (r.tags.size() + change.add.size() > l.tags + change.remove.size()) {
    return fail(errc::resource_exhausted,
                "add: a customer has at most " + std::to_string(l.tags) + " tags", "add");
  }
  decision d{{}, codec::empty_map()};
  if (!change.add.empty() || !change.remove.empty()) d.events.push_back(std::move(change));
  return d;
}

}  // namespace switchboard::customer_machine
