#include "actors/router/route_activation.hpp"

#include <memory>
#include <string>
#include <utility>

#include <msgpack.hpp>

#include "actors/router/attribute_value.hpp"
#include "actors/router/group_table.hpp"

namespace switchboard {
namespace {

using cel::value;

value text(const std::string& s) {
  return value::string(s);
}
value moment(timestamp at) {
  return value::timestamp(cel::instant::from(at));
}

/// The text of a message of type text, which is the `text` of its body.
value text_of(const std::optional<message_content>& message) {
  if (!message || message->type != "text") return value::string({});
  const auto body = attribute_value(message->body.bytes);
  if (!body.is(cel::kind::map)) return value::string({});
  auto found = body.map_field("text");
  return found && found->is(cel::kind::string) ? std::move(*found) : value::string({});
}

/// One group's figures, `queue("x")`.
class queue_view final : public cel::host_object {
 public:
  explicit queue_view(const queue_figures& of) : of_(of) {}

  std::optional<value> find(std::string_view field) const override {
    if (field == "waiting") return value::integer(of_.waiting);
    if (field == "online") return value::integer(of_.online);
    if (field == "available") return value::integer(of_.available);
    if (field == "oldest") return value::duration(of_.oldest);
    if (field == "service_level") return value::real(of_.service_level);
    if (field == "eta") return of_.eta ? value::duration(millis{of_.eta->p50_ms}) : value{};
    return {};
  }
  std::vector<std::string> fields() const override {
    return {"waiting", "oldest", "online", "available", "eta", "service_level"};
  }

 private:
  const queue_figures& of_;
};

const trail_finding& trail_of(const findings& f) {
  static const trail_finding none;
  return f.trail ? *f.trail : none;
}

const member_finding& member_of(const findings& f) {
  static const member_finding nobody;
  return f.member ? *f.member : nobody;
}

cel::environment make_environment() {
  using cel::type;
  const auto any = type::map(type::string(), type::dyn());
  const auto s = type::string();
  const auto i = type::integer();
  cel::environment names;
  names.add_variable("request", type::structure("request", {{"channel", s},
                                                            {"entry", s},
                                                            {"intent", s},
                                                            {"subject", s},
                                                            {"skills", type::map(s, i)},
                                                            {"attributes", any},
                                                            {"text", s}}));
  names.add_variable("source", s);
  names.add_variable("member", type::structure("member", {{"id", s},
                                                          {"level", i},
                                                          {"name", s},
                                                          {"since", type::timestamp()},
                                                          {"attributes", any}}));
  names.add_variable("tags", type::list(s));
  names.add_variable("trail", type::structure("trail", {{"last_agent", s},
                                                        {"last_group", s},
                                                        {"last_closed", type::timestamp()},
                                                        {"sessions_30d", i},
                                                        {"open_orders", i}}));
  names.add_variable("now", type::timestamp());
  names.add_function({"queue",
                      {s},
                      type::structure("queue", {{"waiting", i},
                                                {"oldest", type::duration()},
                                                {"online", i},
                                                {"available", i},
                                                {"eta", type::duration().nullable()},
                                                {"service_level", type::real()}})});
  return names;
}

}  // namespace

const cel::environment& routing_environment() {
  static const cel::environment names = make_environment();
  return names;
}

template <class Make> const cel::value& route_activation::once(slot s, Make&& make) const {
  auto& kept = made_[s];
  if (!kept) kept = make();
  return *kept;
}

/// How each field is read of the request and the findings.
struct route_activation::readers {
  using self = const route_activation&;
  static const consultation_request& r(self a) { return a.input_.request; }
  static const member_finding& m(self a) { return member_of(a.input_.found); }
  static const trail_finding& t(self a) { return trail_of(a.input_.found); }

  static value skills(self a) {
    std::vector<std::pair<std::string, value>> out;
    for (const auto& [skill, level] : r(a).skills) out.emplace_back(skill, value::integer(level));
    return value::record(std::move(out));
  }
  static value request_attributes(self a) {
    return a.once(attributes, [&] { return attribute_value(r(a).attributes.bytes); });
  }
  static value attributes_of_member(self a) {
    return a.once(member_attributes, [&] { return attribute_value(m(a).attributes.bytes); });
  }
  static value all_tags(self a) {
    std::vector<value> out;
    for (const auto& tag : a.input_.found.tags) out.push_back(text(tag));
    return value::list(std::move(out));
  }

  static constexpr shown::field request[] = {
      {"channel", [](self a) { return text(r(a).channel); }},
      {"entry", [](self a) { return text(r(a).entry); }},
      {"intent", [](self a) { return text(r(a).intent); }},
      {"subject", [](self a) { return text(r(a).subject); }},
      {"skills", skills},
      {"attributes", request_attributes},
      {"text", [](self a) { return text_of(r(a).message); }},
  };
  static constexpr shown::field member[] = {
      {"id", [](self a) { return text(m(a).id); }},
      {"level", [](self a) { return value::integer(m(a).level); }},
      {"name", [](self a) { return text(m(a).name); }},
      {"since", [](self a) { return moment(m(a).since); }},
      {"attributes", attributes_of_member},
  };
  static constexpr shown::field trail[] = {
      {"last_agent", [](self a) { return text(t(a).last_agent.value); }},
      {"last_group", [](self a) { return text(t(a).last_group.value); }},
      {"last_closed", [](self a) { return moment(t(a).last_closed.value_or(timestamp{})); }},
      {"sessions_30d", [](self a) { return value::integer(t(a).sessions_30d); }},
      {"open_orders", [](self a) { return value::integer(t(a).open_orders); }},
  };
};

std::optional<value> route_activation::shown::find(std::string_view name) const {
  for (const auto& f : fields_) {
    if (f.name == name) return f.read(of_);
  }
  return {};
}

std::vector<std::string> route_activation::shown::fields() const {
  std::vector<std::string> out;
  for (const auto& f : fields_) out.emplace_back(f.name);
  return out;
}

route_activation::route_activation(const route_input& input, const queue_snapshot& board,
                                   const group_table& groups, timestamp now)
    : input_(input),
      board_(board),
      groups_(groups),
      now_(now),
      request_(*this, readers::request),
      member_(*this, readers::member),
      trail_(*this, readers::trail) {}

value route_activation::view(slot s, const shown& object) const {
  // The activation outlives every value of its evaluation, so nobody needs to own the object.
  return once(s, [&] {
    return value::object({std::shared_ptr<const cel::host_object>{}, &object});
  });
}

std::optional<value> route_activation::find(std::string_view name) const {
  if (name == "request") return view(request, request_);
  if (name == "member") return view(member, member_);
  if (name == "tags") return once(tags, [&] { return readers::all_tags(*this); });
  if (name == "trail") return view(trail, trail_);
  if (name == "now") return moment(now_);
  if (name == "source") return text(input_.found.source);
  return {};
}

value route_activation::call(std::string_view function, std::span<const value> arguments) const {
  static const queue_figures unreported;
  if (function != "queue") return activation::call(function, arguments);
  const auto name = arguments[0].as_text();
  if (!groups_.find(name)) {
    return value::error(cel::fault_code::no_such_key,
                        "there is no group " + arguments[0].to_string(80));
  }
  const auto* figures = board_.find(name);
  return value::object(std::make_shared<queue_view>(figures ? *figures : unreported));
}

}  // namespace switchboard
