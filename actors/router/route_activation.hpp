#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "actors/router/queue_snapshot.hpp"
#include "actors/router/route_input.hpp"
#include "runtime/cel/activation.hpp"
#include "runtime/cel/environment.hpp"

namespace switchboard {

class group_table;

/// What conditions may name (docs/rules.md). Facts that are not known have values that satisfy no
/// "at least": no member is `id == ""`, `level == 0`, `since` 1970 and empty attributes; no trail
/// is empty ids, zeros and `last_closed` 1970. So `member.level >= 3` is false for a stranger and
/// no error, and `has(member.id)` is always true: ask `member.id != ""`. An attribute that is not
/// there is an error as in any CEL map, hence `has(request.attributes.tier)`. `queue("x").eta` is a
/// duration, or null without data.
const cel::environment& routing_environment();

/// One request as conditions see it. Nothing is copied or converted before a condition asks, and
/// then once. Refers to its arguments; used by one thread for one decision.
class route_activation final : public cel::activation {
 public:
  route_activation(const route_input& input, const queue_snapshot& board, const group_table& groups,
                   timestamp now);

  std::optional<cel::value> find(std::string_view name) const override;
  cel::value call(std::string_view function, std::span<const cel::value> arguments) const override;

 private:
  /// A struct of the request shown as a map, field by field.
  class shown final : public cel::host_object {
   public:
    using reader = cel::value (*)(const route_activation&);
    struct field {
      std::string_view name;
      reader read;
    };
    shown(const route_activation& of, std::span<const field> fields) : of_(of), fields_(fields) {}
    std::optional<cel::value> find(std::string_view name) const override;
    std::vector<std::string> fields() const override;

   private:
    const route_activation& of_;
    std::span<const field> fields_;
  };
  struct readers;
  enum slot : std::size_t { request, member, trail, tags, attributes, member_attributes, slots };

  template <class Make> const cel::value& once(slot s, Make&& make) const;
  cel::value view(slot s, const shown& object) const;

  const route_input& input_;
  const queue_snapshot& board_;
  const group_table& groups_;
  timestamp now_;
  shown request_, member_, trail_;
  mutable std::array<std::optional<cel::value>, slots> made_;
};

}  // namespace switchboard
