#pragma once

#include "adapters/center/center_client.hpp"
#include "adapters/center/recommendation.hpp"
#include "runtime/codec/pack.hpp"

/// What the centers know, as it goes on the wire.
namespace switchboard {

void pack_product(codec::packer& p, const center::product_record& x);
void pack_recommended(codec::packer& p, const center::recommended& x);
void pack_order(codec::packer& p, const center::order_record& x);
/// One line of admin.centers.
void pack_health(codec::packer& p, std::string_view name, const center::center_health& h);

}  // namespace switchboard
