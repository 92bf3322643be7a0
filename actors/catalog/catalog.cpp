#include "actors/catalog/catalog.hpp"

#include <algorithm>
#include <iterator>

#include "actors/catalog/customer_condition.hpp"
#include "actors/customer/packed_fields.hpp"
#include "runtime/codec/event_list.hpp"

namespace switchboard {
namespace {

constexpr std::int64_t largest = std::int64_t{1} << 53;

/// `use(list)` on the list of that kind.
template <class Catalog, class Use> auto with_list(Catalog& c, const std::string& kind, Use use) {
  if (kind == "sales_channel") return use(c.sales_channels);
  if (kind == "campaign") return use(c.campaigns);
  return use(c.segments);
}

template <class List> auto find_in(List& list, std::string_view id) {
  return std::ranges::find_if(list, [&](auto& x) { return x.id == id; });
}

std::vector<std::string> texts(codec::params& p, std::string_view field,
                               std::vector<std::string> before) {
  auto* array = p.maybe_array(field);
  if (!array) return before;
  constexpr std::uint32_t most = 200;
  std::vector<std::string> out;
  for (std::uint32_t i = 0; i < array->via.array.size; ++i) {
    auto& o = array->via.array.ptr[i];
    bool good = o.type == msgpack::type::STR && o.via.str.size > 0 && o.via.str.size <= 128;
    if (!good || i >= most) {
      p.reject(field, "expected at most 200 texts of 1 to 128 bytes");
      break;
    }
    out.emplace_back(o.via.str.ptr, o.via.str.size);
  }
  return out;
}

void set_text(codec::params& p, std::string_view field, std::string& into, std::size_t most = 256) {
  if (p.find(field)) into = p.text_or_empty(field, most);
}

void set_time(codec::params& p, std::string_view field, std::optional<timestamp>& into) {
  if (auto ms = p.maybe_integer(field, 0, largest)) into = from_unix_ms(*ms);
}

/// An entry code leads to one place.
template <class T> void check_codes(codec::params& p, const std::vector<T>& all, const T& x) {
  for (auto& code : x.entry_codes) {
    for (auto& other : all) {
      if (other.id != x.id && std::ranges::count(other.entry_codes, code) > 0)
        p.reject("entry_codes", "\"" + code + "\" is that of " + other.id);
    }
  }
}

void read(codec::params& p, sales_channel& x, const catalog& c) {
  set_text(p, "name", x.name);
  set_text(p, "currency", x.currency, 8);
  set_text(p, "note", x.note, 1024);
  x.cost = p.maybe_integer("cost", 0, largest).value_or(x.cost);
  x.channels = texts(p, "channels", std::move(x.channels));
  x.entry_codes = texts(p, "entry_codes", std::move(x.entry_codes));
  check_codes(p, c.sales_channels, x);
}

bool overlap(const campaign& a, const campaign& b) {
  return (!a.until || !b.from || *b.from < *a.until) && (!b.until || !a.from || *a.from < *b.until);
}

void read(codec::params& p, campaign& x, const catalog& c) {
  set_text(p, "name", x.name);
  set_text(p, "sales_channel", x.sales_channel, 64);
  set_text(p, "currency", x.currency, 8);
  set_text(p, "note", x.note, 1024);
  x.cost = p.maybe_integer("cost", 0, largest).value_or(x.cost);
  set_time(p, "from", x.from);
  set_time(p, "until", x.until);
  x.entry_codes = texts(p, "entry_codes", std::move(x.entry_codes));
  if (x.from && x.until && *x.until <= *x.from) p.reject("until", "lies before from");
  if (find_in(c.sales_channels, x.sales_channel) == c.sales_channels.end())
    p.reject("sales_channel", "there is no such sales channel");
  // The same code may serve one campaign after another.
  std::vector<campaign> meanwhile;
  std::ranges::copy_if(c.campaigns, std::back_inserter(meanwhile),
                       [&](auto& other) { return overlap(x, other); });
  check_codes(p, meanwhile, x);
}

void read(codec::params& p, segment& x, const catalog&) {
  set_text(p, "name", x.name);
  set_text(p, "condition", x.condition, 8192);
  set_text(p, "note", x.note, 1024);
  auto compiled = compile_customer_condition(x.condition);
  if (!compiled) p.reject("condition", compiled.error());
}

}  // namespace

result<catalog_change> decide_put(const catalog& c, const std::string& kind, const std::string& id,
                                  const codec::packed_value& fields, bool fresh,
                                  const std::string& by) {
  return with_map(fields, [&](const msgpack::object& map) {
    return with_list(c, kind, [&](auto& list) -> result<catalog_change> {
      auto it = find_in(list, id);
      if (fresh && it != list.end())
        return fail(errc::already_exists, "id: there is one of that name already", "id");
      if (!fresh && it == list.end())
        return fail(errc::not_found, "id: there is no " + kind + " of that name", "id");
      if (list.size() >= most_catalog_objects && it == list.end())
        return fail(errc::resource_exhausted, "there are as many as there may be");
      typename std::decay_t<decltype(list)>::value_type object;
      if (it != list.end()) object = *it;
      object.id = id;
      codec::params p(map);
      read(p, object, c);
      if (!p.ok()) return tl::unexpected(p.why());
      return catalog_change{kind, id, by, {codec::pack(object)}};
    });
  });
}

result<catalog_change> decide_remove(const catalog& c, const std::string& kind,
                                     const std::string& id, const std::string& by) {
  bool known = with_list(c, kind, [&](auto& list) { return find_in(list, id) != list.end(); });
  if (!known) return fail(errc::not_found, "id: there is no " + kind + " of that name", "id");
  if (kind == "sales_channel") {
    auto user = std::ranges::find(c.campaigns, id, &campaign::sales_channel);
    if (user != c.campaigns.end())
      return fail(errc::failed_precondition, "id: campaign " + user->id + " belongs to it", "id");
  }
  return catalog_change{kind, id, by, {}};
}

void apply(catalog& c, const catalog_change& x, timestamp at) {
  ++c.seq;
  if (x.answered) keep_answer(c.answered, *x.answered, at);
  with_list(c, x.kind, [&](auto& list) {
    std::erase_if(list, [&](auto& o) { return o.id == x.id; });
    typename std::decay_t<decltype(list)>::value_type object;
    if (!x.object.bytes.empty() && codec::unpack(x.object.bytes, object)) list.push_back(object);
    return true;
  });
}

std::string encode(const catalog_change& x, timestamp at) {
  constexpr std::uint64_t changed = 1;
  codec::packer p;
  p.array(3).uinteger(changed).time(at);
  codec::pack_value(p, x, codec::audience::store);
  return p.take();
}

bool replay(catalog& c, std::string_view events) {
  return codec::for_each_listed(events, true, [&](const codec::listed_event& listed) {
    catalog_change x;
    if (!codec::unpack(listed.payload, x)) return false;
    apply(c, x, listed.at);
    return true;
  });
}

attribution attribute(const catalog& c, std::string_view channel, std::string_view entry,
                      timestamp now) {
  auto has = [](const std::vector<std::string>& list, std::string_view what) {
    return !what.empty() && std::ranges::find(list, what) != list.end();
  };
  const campaign* best = nullptr;
  for (auto& x : c.campaigns) {
    bool runs = (!x.from || *x.from <= now) && (!x.until || now < *x.until);
    if (!runs || !has(x.entry_codes, entry)) continue;
    if (!best || best->from < x.from || (best->from == x.from && x.id < best->id)) best = &x;
  }
  if (best) return {best->sales_channel, best->id};
  for (auto& x : c.sales_channels) {
    if (has(x.entry_codes, entry)) return {x.id, {}};
  }
  for (auto& x : c.sales_channels) {
    if (has(x.channels, channel)) return {x.id, {}};
  }
  return {std::string(channel), {}};
}

}  // namespace switchboard
