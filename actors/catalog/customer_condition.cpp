#include "actors/catalog/customer_condition.hpp"

#include <algorithm>
#include <memory>

namespace switchboard {
namespace {

using cel::value;

value texts(auto begin, auto end, auto text_of) {
  std::vector<value> out;
  for (; begin != end; ++begin) out.push_back(value::string(text_of(*begin)));
  return value::list(std::move(out));
}

/// How each field is read of the record.
struct field {
  std::string_view name;
  cel::type is;
  value (*read)(const customer_record&);
};

value channels_of(const customer_record& r) {
  std::vector<value> out;
  std::vector<std::string_view> seen;
  for (auto& i : r.identities) {
    if (std::ranges::find(seen, i.channel) != seen.end()) continue;
    seen.push_back(i.channel);
    out.push_back(value::string(i.channel));
  }
  return value::list(std::move(out));
}

value fields_value(const customer_record& r) {
  std::vector<std::pair<std::string, value>> out;
  for (auto& [name, v] : fields_of(r.profile)) out.emplace_back(name, value::string(v->value));
  return value::record(std::move(out));
}

value since_of(const customer_record& r) {
  timestamp first{};
  for (auto& i : r.identities) first = first == timestamp{} ? i.since : std::min(first, i.since);
  return value::timestamp(cel::instant::from(first));
}

const std::vector<field>& fields() {
  using cel::type;
  using R = const customer_record&;
  static const std::vector<field> all{
      {"id", type::string(), [](R r) { return value::string(r.person.value); }},
      {"name", type::string(), [](R r) { return value::string(r.profile.name.value); }},
      {"phone", type::string(), [](R r) { return value::string(r.profile.phone.value); }},
      {"email", type::string(), [](R r) { return value::string(r.profile.email.value); }},
      {"member_id", type::string(), [](R r) { return value::string(r.member_id); }},
      {"tags", type::list(type::string()),
       [](R r) { return texts(r.tags.begin(), r.tags.end(), [](auto& t) { return t.tag; }); }},
      {"channels", type::list(type::string()), channels_of},
      {"fields", type::map(type::string(), type::string()), fields_value},
      {"leads", type::integer(),
       [](R r) { return value::integer(static_cast<std::int64_t>(r.leads.size())); }},
      {"blocked", type::boolean(), [](R r) { return value::boolean(r.blocked.has_value()); }},
      {"since", type::timestamp(), since_of},
  };
  return all;
}

class customer_object final : public cel::host_object {
 public:
  explicit customer_object(const customer_record& r) : r_(r) {}
  std::optional<value> find(std::string_view name) const override {
    for (auto& f : switchboard::fields()) {
      if (f.name == name) return f.read(r_);
    }
    return {};
  }
  std::vector<std::string> fields() const override {
    std::vector<std::string> out;
    for (auto& f : switchboard::fields()) out.emplace_back(f.name);
    return out;
  }

 private:
  const customer_record& r_;
};

const cel::environment& condition_environment() {
  static const cel::environment names = [] {
    cel::environment e;
    e.add_variable("customer", customer_type());
    e.add_variable("now", cel::type::timestamp());
    return e;
  }();
  return names;
}

}  // namespace

cel::type customer_type() {
  std::vector<std::pair<std::string, cel::type>> out;
  for (auto& f : fields()) out.emplace_back(f.name, f.is);
  return cel::type::structure("customer", std::move(out));
}

cel::value customer_value(const customer_record& r) {
  return value::object(std::make_shared<customer_object>(r));
}

tl::expected<cel::program, std::string> compile_customer_condition(std::string_view text) {
  auto compiled = cel::compile(text, condition_environment());
  if (!compiled) return tl::unexpected(compiled.error().to_string());
  if (!compiled->may_be_bool()) return tl::unexpected(std::string("is not true or false"));
  return *compiled;
}

bool holds(const cel::program& condition, const customer_record& r, timestamp now) {
  cel::bindings b;
  b.bind("customer", customer_value(r));
  b.bind("now", value::timestamp(cel::instant::from(now)));
  auto v = condition.evaluate(b);
  return v && v->is_true();
}

}  // namespace switchboard
