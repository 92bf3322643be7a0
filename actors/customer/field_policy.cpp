#include "actors/customer/field_policy.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "config/customer_vocabulary.hpp"
#include "config/quantity.hpp"
#include "runtime/base/text.hpp"
#include "runtime/text/contact_form.hpp"

namespace switchboard {
namespace {

constexpr std::array<std::string_view, 5> usual_order{"agent", "member", "tag", "channel",
                                                      "mining"};

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  auto year = config::parse_integer(text.substr(0, 4)),
       month = config::parse_integer(text.substr(5, 2)),
       day = config::parse_integer(text.substr(8, 2));
  if (!year || !month || !day || *month < 1 || *day < 1) return false;
  return std::chrono::year_month_day{std::chrono::year{static_cast<int>(*year)},
                                     std::chrono::month{static_cast<unsigned>(*month)},
                                     std::chrono::day{static_cast<unsigned>(*day)}}
      .ok();
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (auto& w : words) out += (out.empty() ? "" : ", ") + w;
  return out;
}

tl::unexpected<error> wrong(const std::string& path, const std::string& expected) {
  return fail(errc::invalid_argument, path + ": expected " + expected, path);
}

}  // namespace

std::string_view kind_of_source(std::string_view source) {
  auto kind = source.substr(0, source.find(':'));
  // Whoever the account is, a person typed it.
  return std::ranges::find(usual_order, kind) == usual_order.end() ? "agent" : kind;
}

const config::profile_field_config* field_policy::find(const std::string& name) const {
  if (!config_) return nullptr;
  auto it = std::ranges::find(config_->profile_fields, name, &config::profile_field_config::id);
  return it == config_->profile_fields.end() ? nullptr : &*it;
}

result<std::string> field_policy::checked(const std::string& name, std::string text,
                                          const std::string& path) const {
  auto* field = find(name);
  if (!field && config_ && !config_->profile_fields.empty()) {
    auto known = config::profile_field_names(*config_);
    if (std::ranges::find(known, name) == known.end()) {
      auto near = nearest_name(name, known);
      return fail(
          errc::invalid_argument,
          path + ": there is no such field" +
              (near.empty() ? "; there are " + joined(known) : "; did you mean " + near + "?"),
          path);
    }
  }
  if (!field || text.empty()) return text;
  using config::field_type;
  switch (field->type) {
    case field_type::text:
      return text;
    case field_type::integer:
      if (!config::parse_integer(text)) return wrong(path, "a whole number");
      return text;
    case field_type::number:
      if (!config::parse_number(text)) return wrong(path, "a number");
      return text;
    case field_type::flag:
      if (text != "true" && text != "false") return wrong(path, "true or false");
      return text;
    case field_type::date:
      if (!is_date(text)) return wrong(path, "a date such as 2026-11-25");
      return text;
    case field_type::phone:
      text = phone_form(text);
      if (text.empty()) return wrong(path, "a telephone number");
      return text;
    case field_type::email:
      text = email_form(text);
      if (text.empty()) return wrong(path, "an e-mail address");
      return text;
    case field_type::choice:
      if (std::ranges::find(field->choices, text) == field->choices.end())
        return wrong(path, "one of " + joined(field->choices));
      return text;
  }
  return text;
}

result<void> field_policy::may_edit(const std::string& name, const std::string& path) const {
  auto* field = find(name);
  if (!field || std::ranges::find(field->edit, role_) != field->edit.end()) return {};
  return fail(errc::permission_denied,
              path + (field->edit.empty() ? ": comes from a center and is changed by nobody here"
                                          : ": is changed by " + joined(field->edit)),
              path);
}

std::vector<const config::profile_field_config*> field_policy::from_centers() const {
  std::vector<const config::profile_field_config*> out;
  if (!config_) return out;
  for (auto& f : config_->profile_fields) {
    if (!f.from_member.empty() || !f.from_tag.empty()) out.push_back(&f);
  }
  return out;
}

std::size_t field_policy::rank(const std::string& name, std::string_view source) const {
  auto kind = kind_of_source(source);
  auto usual = static_cast<std::size_t>(std::ranges::find(usual_order, kind) - usual_order.begin());
  auto* field = find(name);
  if (!field || field->prefer.empty()) return usual;
  auto at = std::ranges::find(field->prefer, kind);
  // Who is not named comes after those who are, in the usual order.
  return at == field->prefer.end() ? field->prefer.size() + usual
                                   : static_cast<std::size_t>(at - field->prefer.begin());
}

const std::vector<config::lead_stage_config>& field_policy::stages() const {
  static const config::dispatch_config nothing;
  return config::lead_pipeline(config_ ? *config_ : nothing);
}

}  // namespace switchboard
